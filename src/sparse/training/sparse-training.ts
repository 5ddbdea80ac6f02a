import type { LayersModel } from '@tensorflow/tfjs-layers'
import { checkOptions, type OptionChecks } from '../../internal/check-options.js'
import { oneOf } from '../../internal/option-checks.js'
import type { OpenTraining, TrainingEngine, TrainingFacts } from '../../types.js'
import { whyNot } from '../network/why-not.js'
import { NotTrainable } from './gradients/not-trainable.js'
import { openTraining, type SparseTraining } from './open-training.js'

/** Options of {@link sparseTraining}. */
export interface SparseTrainingOptions {
  /**
   * `'faster'`: where the compiled network is faster than the backend of tfjs; else, and where the
   * model cannot be compiled for training, tfjs trains it. `'always'`: on every backend, and a model
   * that cannot be compiled is an error. @default 'faster'
   */
  readonly when?: 'faster' | 'always'
}

const task = 'train a sparse network'
const checks: OptionChecks<SparseTrainingOptions> = { when: oneOf('faster', 'always') }

/**
 * Share of the kernels' weights below which it is faster than the wasm backend. Dense layers on flat
 * samples alone are faster even with all their weights.
 */
const CROSSOVER = 0.6

/**
 * Makes an engine for `fit` that trains a pruned model as a compiled network: the way forth and back
 * costs in proportion to the weights that are left; batches and the loss cost what they did.
 *
 * The way forward, the gradients of the values and those of the kept weights run in WebAssembly; the
 * loss stays in tfjs, on the outputs, so that every loss works, with a teacher too. SGD, momentum,
 * Adam and RMSProp update the kept weights alone. Results are those of tfjs up to the rounding of
 * sums. Dropout, batch normalisation and frozen layers work as in `fit`; regularisers, recurrent
 * layers, other optimizers, several outputs and criteria that look at the steps are left to tfjs.
 *
 * With `'faster'` it takes the cpu backend's place at every density, and that of the wasm backend
 * where at most 60 % of the kernels' weights are left, or where all work is that of dense layers on
 * flat samples. On a GPU tfjs stays.
 *
 * @param options When it trains.
 * @returns The engine; it holds nothing between two rounds.
 * @throws {TypeError | RangeError} If an option does not exist or is none of its words. With
 *   `'always'` a model that cannot be compiled is a RangeError of the round, before its first step.
 *   A weight that changes within an epoch, a frozen one that changes at all and a layer that is
 *   frozen or set free are a RangeError of the next step or epoch.
 *
 * @example
 * ```ts
 * import { randomNormal, train } from '@tensorflow/tfjs-core'
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { evaluateOn, fit, prune } from 'tfjs-prune'
 * import { sparseTraining } from 'tfjs-prune/sparse/training'
 *
 * const hidden = layers.dense({ units: 8, activation: 'relu', inputShape: [4] })
 * const model = sequential({ layers: [hidden, layers.dense({ units: 2 })] })
 * const data = { xs: randomNormal([20, 4]), ys: Int32Array.from({ length: 20 }, (_, i) => i % 2) }
 * const engine = sparseTraining({ when: 'always' })
 * const { rounds } = await prune(model, {
 *   train: fit(data, { optimizer: () => train.adam(0.01), epochs: 2, engine }),
 *   evaluate: evaluateOn(data, { positiveClass: 1 }),
 *   schedule: [1, 0.5],
 * })
 * if (rounds[1]!.engine?.name !== 'sparse') throw new Error('as asked for')
 * ```
 */
export function sparseTraining(options: SparseTrainingOptions = {}): TrainingEngine {
  checkOptions(options, { task, checks })
  const { when = 'faster' } = options
  return {
    openTraining: async (model, facts) => {
      if (when === 'always') return running(await compiled(model, facts), 'as asked for')
      const { backend } = facts
      if (backend !== 'cpu' && backend !== 'wasm') return tfjs(`it runs on ${backend}`)
      let training: SparseTraining
      try {
        training = await trainable(model, facts)
      } catch (error) {
        return tfjs(error instanceof NotTrainable ? error.message : whyNot(error))
      }
      const why = `${Math.round(training.share * 100)} % of the weights are left, on ${backend}`
      if (backend === 'cpu' || training.isDense || training.share <= CROSSOVER)
        return running(training, why)
      training.dispose()
      return tfjs(why)
    },
  }
}

/** The model in training; throws a RangeError where it cannot be compiled. */
async function compiled(model: LayersModel, facts: TrainingFacts): Promise<SparseTraining> {
  try {
    return await trainable(model, facts)
  } catch (error) {
    if (!(error instanceof NotTrainable)) throw error
    throw new RangeError(
      `Cannot ${task}: expected a model for it, got one of which ${error.message}`,
    )
  }
}

async function trainable(model: LayersModel, facts: TrainingFacts): Promise<SparseTraining> {
  if (facts.isWatched)
    throw new NotTrainable('the criterion looks at each step, or a wrapper of the training does')
  return openTraining({ model, ...facts })
}

const tfjs = (why: string): OpenTraining => ({ used: { name: 'tfjs', why }, dispose: () => {} })

const running = ({ work, dispose }: SparseTraining, why: string): OpenTraining => ({
  used: { name: 'sparse', why },
  work,
  dispose,
})
