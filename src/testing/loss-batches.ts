import {
  concat,
  mul,
  type Scalar,
  type Tensor,
  tensor,
  tensor1d,
  tidy,
  valueAndGrad,
} from '@tensorflow/tfjs-core'
import type { Loss } from '../types.js'

/** Labels, 0 or 1, and the log-odds of class 1: one of each a sample. */
export interface LossBatch {
  readonly labels: readonly number[]
  readonly scores: readonly number[]
}

/** Five samples of both classes; some scores are right, some wrong, and no two are equal. */
export const mixedBatch: LossBatch = {
  labels: [1, 0, 0, 1, 0],
  scores: [0.3, -1.2, 0.9, -0.4, -2],
}

/** Batches on which a careless loss divides by zero or overflows, by name. */
export const extremeBatches: Readonly<Record<string, LossBatch>> = {
  'a batch of one positive': { labels: [1], scores: [0.5] },
  'a batch of one negative': { labels: [0], scores: [0.5] },
  'a batch of positives': { labels: [1, 1, 1], scores: [1, -2, 0] },
  'a batch of negatives': { labels: [0, 0, 0], scores: [1, -2, 0] },
  'a batch of equal scores': { labels: [1, 0, 0], scores: [7, 7, 7] },
  'scores of 50, all right': { labels: [1, 0, 1, 0], scores: [50, -50, 49, -50] },
  'scores of 50, all wrong': { labels: [0, 1, 0, 1], scores: [50, -50, 49, -50] },
}

/** One number a sample, `[n]`, for the caller to dispose. */
export const asVector = (values: readonly number[]): Tensor => tensor1d([...values])

/** Writes scores as the outputs of a model; the caller disposes them. */
type AsOutputs = (scores: readonly number[]) => Tensor

/** Outputs of shape `[n, 2]` whose differences are the scores. */
export const asTwoColumns: AsOutputs = (scores) =>
  tidy(() => {
    const half = mul(tensor([...scores], [scores.length, 1]), 0.5)
    return concat([mul(half, -1), half], 1)
  })

/** The shapes that the logits of two classes come in. */
export const logitShapes: Readonly<Record<string, AsOutputs>> = {
  '[n]': asVector,
  '[n, 1]': (scores) => tensor([...scores], [scores.length, 1]),
  '[n, 2]': asTwoColumns,
}

/** A loss and its gradient, in flat order, on one batch. */
export function lossOn(
  loss: Loss,
  { labels, scores }: LossBatch,
  asOutputs: AsOutputs = asVector,
): { value: number; gradient: number[] } {
  return tidy(() => {
    const y = asVector(labels)
    const compute = valueAndGrad((z: Tensor): Scalar => loss(y, z))
    const { value, grad } = compute(asOutputs(scores))
    return { value: value.dataSync()[0]!, gradient: [...grad.dataSync()] }
  })
}
