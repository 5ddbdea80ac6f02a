import { type Scalar, type Tensor, tidy } from '@tensorflow/tfjs-core'
import type { OutputOption } from '../internal/model-output.js'
import { checkBatch, positiveRows } from './labels.js'
import { scoreRows } from './loss-logits.js'
import { squaredHingeSum } from './rank-hinge.js'
import type { RankWeight } from './rank-weight.js'
import { rowWeights } from './rank-weights.js'

interface HingeRank {
  readonly lambda: RankWeight
  readonly positiveClass: number
  readonly tau: 'one' | 'deviation'
  readonly output: OutputOption
}

/** What `squaredHingeRank` computes, for options that are checked. */
export function hingeRankOf({
  lambda,
  positiveClass,
  tau,
  output,
}: HingeRank): (yTrue: Tensor, yPred: Tensor) => Scalar {
  return (yTrue, yPred) => {
    const batch = checkBatch(yTrue, yPred, { name: 'squaredHingeRank', positiveClass })
    const weights = rowWeights(lambda, batch)
    return tidy(() =>
      squaredHingeSum(scoreRows(yPred, batch, output), {
        positives: positiveRows(yTrue, batch),
        weights,
        tau,
      }),
    )
  }
}
