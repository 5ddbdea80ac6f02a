import type { Optimizer } from '@tensorflow/tfjs-core'
import { checkFunction } from '../internal/check-function.js'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { checkSeed } from '../internal/check-seed.js'
import { required } from '../internal/option-checks.js'
import { hashSeed, randomStream } from '../internal/random.js'
import type { Train } from '../types.js'
import { InterpolatingOptimizer } from './interpolating-optimizer.js'
import { trainedNorms } from './trained-norms.js'

/** Options of {@link interpolatingNorms}. */
export interface InterpolatingNormsOptions {
  /** Whole number; each step of each round draws with a seed made of it. */
  readonly seed: number
}

const task = 'interpolate norms'
const checks: OptionChecks<InterpolatingNormsOptions> = { seed: required(checkSeed) }

/**
 * Wraps a training function so that each step sees normalisation layers somewhere on the way back to
 * their start: networks that lean less on them can hand their signs on to other weights.
 *
 * In the forward pass of a step every trained gamma is alpha + (1 - alpha) gamma, and every beta
 * (1 - alpha) beta, with one alpha for all layers, uniform in [0, 1) and drawn anew for each step;
 * 1 and 0 are the values that normalisation starts with. Gradients go through to gamma and beta.
 * Nothing else is changed, and evaluations see the layers as they are. The alphas are those of the
 * steps of a round, so that a run that goes on within a round has the same.
 *
 * With {@link rewindLearningRate} and pruning by magnitude these are the rounds of AWS; its last
 * step, the signed mask, is `applyRewound` with `rewindToSign({ signs: 'trained', ... })`. An engine
 * of `fit` leaves such a training to tfjs, and the round says so.
 *
 * @param train A training function, such as that of `fit`; a loop of its own steps by `minimize` or
 *   `computeGradients` of a held optimizer.
 * @param options The seed.
 * @returns A training function. In a round it throws a RangeError for a model without trained
 *   normalisation, and an Error after a training that took no such step.
 * @throws {TypeError | RangeError} If `train` is no function, or the seed no whole number.
 * @see Oh, Baik and Lee 2025, Find A Winning Sign: Sign Is All We Need to Win the Lottery, arXiv
 *   2504.05357.
 *
 * @example
 * ```ts
 * import { randomNormal, train } from '@tensorflow/tfjs-core'
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { evaluateOn, fit, interpolatingNorms, prune, rewindLearningRate } from 'tfjs-prune'
 *
 * const hidden = [layers.dense({ units: 8, inputShape: [3] }), layers.batchNormalization()]
 * const model = sequential({ layers: [...hidden, layers.dense({ units: 2 })] })
 * const data = { xs: randomNormal([20, 3]), ys: Int32Array.from({ length: 20 }, (_, i) => i % 2) }
 * const plain = fit(data, { optimizer: () => train.momentum(0.01, 0.9), epochs: 2 })
 * const { rounds } = await prune(model, {
 *   train: interpolatingNorms(plain, { seed: 1 }),
 *   evaluate: evaluateOn(data, { positiveClass: 1 }),
 *   rewind: rewindLearningRate(),
 *   schedule: [1, 0.5],
 * })
 * if (rounds.length !== 2) throw new Error('two rounds')
 * ```
 */
export function interpolatingNorms(train: Train, options: InterpolatingNormsOptions): Train {
  checkFunction(train, { task, name: 'train' })
  checkOptions(options, { task, checks })
  const { seed } = options
  const wrapped: Train = async (context) => {
    const { model, round, resumeAt, points } = context
    const norms = trainedNorms(model)
    if (norms.length === 0) {
      const wanted = 'a model with trained normalisation layers'
      throw new RangeError(`Cannot ${task}: expected ${wanted}, got ${model.name} without`)
    }
    const first = points?.from?.position.step ?? resumeAt.step
    let step = first
    const draw = () => randomStream(hashSeed(seed, round, step++)).uniform()
    const hold = (optimizer: Optimizer) =>
      new InterpolatingOptimizer(context.hold(optimizer), { norms, draw })
    const result = await train({ ...context, hold, isWatched: true })
    if (step === first) {
      const wanted = 'steps by minimize or computeGradients of a held optimizer'
      throw new Error(`Cannot ${task}: expected ${wanted} in round ${round}, got none`)
    }
    return result
  }
  const settings = { ...train.settings, interpolatedNorms: seed }
  return Object.assign(wrapped, { ...train, settings })
}
