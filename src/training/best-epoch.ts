import { modelWeights } from '../internal/model-weights.js'
import { readWeights, type WeightValues, writeValues } from '../internal/weight-values.js'
import type { Evaluate, Evaluation, TrainingContext } from '../types.js'

/** Chooses the epoch of a round whose weights are kept. */
export interface BestEpoch {
  /** Measures the model after each epoch, on validation data. */
  readonly evaluate: Evaluate
  /** The value to compare; NaN is never the best. */
  readonly metric: (evaluation: Evaluation) => number
  /** Which way is better; never guessed from a name. The earliest of equal epochs is kept. */
  readonly direction: 'maximise' | 'minimise'
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
      const value = sign * metric(await evaluate(model, { signal }))
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
