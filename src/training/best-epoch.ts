import type { LayersModel } from '@tensorflow/tfjs-layers'
import { describe } from '../internal/describe.js'
import { modelWeights } from '../internal/model-weights.js'
import { quietPromise } from '../internal/quiet-promise.js'
import { readWeights, type WeightValues, writeValues } from '../internal/weight-values.js'
import type { Evaluate, Evaluation, TrainingContext } from '../types.js'

/** Chooses the epoch of a round whose weights are kept. */
export interface BestEpoch {
  /** Measures the model after each epoch, on validation data. */
  readonly evaluate: Evaluate
  /**
   * The value to compare; NaN is never the best. Asked once before training, with the numbers of the
   * first samples, where `evaluate` has a `check` that tells them.
   */
  readonly metric: (evaluation: Evaluation) => number
  /** Which way is better; never guessed from a name. The earliest of equal epochs is kept. */
  readonly direction: 'maximise' | 'minimise'
}

/** The value that `metric` finds in an evaluation. Throws unless it is a number. */
function measuredBy(metric: BestEpoch['metric'], evaluation: Evaluation): number {
  const value: unknown = metric(evaluation)
  if (typeof value === 'number') return value
  const got = quietPromise(value) ? 'a promise' : describe(value)
  throw new TypeError(`Cannot train: expected best.metric to give a number, got ${got}`)
}

/**
 * Throws if the model cannot be measured, or `metric` does not find its number. Of the errors of
 * `metric` TypeErrors count: numbers of a few samples may be NaN.
 */
export async function tryBest({ evaluate, metric }: BestEpoch, model: LayersModel): Promise<void> {
  const few = await evaluate.check?.(model)
  try {
    if (few) measuredBy(metric, few)
  } catch (error) {
    if (error instanceof TypeError) throw error
  }
}

/** The best epoch so far: plain data. */
export interface BestSoFar {
  /** Its value, the better the higher. */
  readonly value: number
  readonly epoch: number
  /** Values of the weights, in the order of the model: their names may be others in a new one. */
  readonly weights: readonly WeightValues[string][]
}

/** Keeps a host copy of the best weights so far, those of an interrupted round at first. */
export function bestKeeper(
  { evaluate, metric, direction }: BestEpoch,
  { model, signal }: Pick<TrainingContext, 'model' | 'signal'>,
  before?: BestSoFar,
) {
  const sign = direction === 'maximise' ? 1 : -1
  let kept = before
  return {
    /** The best epoch so far, if any. */
    soFar: () => kept,
    /** Measures the model after an epoch. */
    async look(epoch: number) {
      const value = sign * measuredBy(metric, await evaluate(model, { signal }))
      if (!(value > (kept?.value ?? Number.NEGATIVE_INFINITY))) return
      kept = { value, epoch, weights: Object.values(await readWeights(model)) }
    },
    /** Gives the model its best weights and tells their epoch. */
    restore(): number {
      if (!kept)
        throw new RangeError(
          'Cannot choose the best epoch: expected a metric that is a number, got none in any epoch',
        )
      const { weights } = kept
      const own = modelWeights(model)
      const values = own.map(({ name }, place) => [name, weights[place]!] as const)
      writeValues(own, Object.fromEntries(values))
      return kept.epoch
    },
  }
}
