import {
  add,
  cast,
  customGrad,
  div,
  type GradSaveFunc,
  greater,
  less,
  mean,
  minimum,
  mul,
  range,
  relu,
  type Scalar,
  scalar,
  sqrt,
  square,
  squaredDifference,
  sub,
  sum,
  type Tensor,
  tensor2d,
  topk,
  where,
} from '@tensorflow/tfjs-core'
import type { SideWeights } from './rank-weight.js'

/** Standard deviation of a batch's scores up to which they count as equal. */
const noDeviation = 1e-3

/** The ranking problems of a batch, one per row of scores. */
interface Ranking {
  /** 1 for the samples of the row's class, 0 for the others: `[rows, n]`. */
  readonly positives: Tensor
  /** Weights of the two sides of each row. */
  readonly weights: readonly SideWeights[]
  readonly tau: 'one' | 'deviation'
}

/**
 * sum_rows (1/n) sum_o w_o h_o^2, h_o = [1 - y_o (s_o - mean(s) - b) / tau]_+, of scores
 * `[rows, n]`.
 *
 * b and tau are constants to the gradient. With g_o = -2 w_o h_o y_o / (n tau) it is dL/ds_o = g_o
 * - mean(g), which sums to zero over each row. A row without positives or without negatives counts
 * 0.
 */
export function squaredHingeSum(scores: Tensor, { positives, weights, tau }: Ranking): Scalar {
  const withGradient = customGrad((...inputs) => {
    const save = inputs[1] as GradSaveFunc
    const count = sum(positives, 1, true)
    const centred = sub(scores, mean(scores, 1, true))
    const unit = tau === 'one' ? scalar(1) : deviationOf(centred)
    const sign = sub(mul(positives, 2), 1)
    const hinge = relu(sub(1, div(mul(sign, sub(centred, boundaryOf(centred, count))), unit)))
    const weighted = mul(sampleWeights(positives, count, weights), hinge)
    save([div(mul(sign, weighted), unit)])
    const gradFunc = (dy: Tensor, [pull]: Tensor[]) =>
      mul(mul(dy, -2), sub(pull!, mean(pull!, 1, true)))
    // Some backends make 0 of NaN in a relu: infinite scores, less their mean, must show.
    const notNumber = mul(mean(scores), 0)
    return { value: add(sum<Scalar>(mul(weighted, hinge)), notNumber), gradFunc }
  })
  return withGradient(scores) as Scalar
}

/**
 * Boundary b: midway between the n-_th and the (n- + 1)-th smallest score of each row, `[rows, n]`
 * to `[rows, 1]`.
 */
function boundaryOf(scores: Tensor, count: Tensor): Tensor {
  const samples = scores.shape[1]!
  const { values } = topk(scores, samples) // descending: the two are at n+ and n+ - 1
  const isBeside = less(squaredDifference(range(0.5, samples), count), 1)
  return div(sum(mul(values, cast(isBeside, 'float32')), 1, true), 2)
}

/**
 * Standard deviation of each row of centred scores, or 1 where there is none: `[rows, n]` to
 * `[rows, 1]`.
 */
function deviationOf(centred: Tensor): Tensor {
  const deviation = sqrt(mean(square(centred), 1, true))
  return where(greater(deviation, noDeviation), deviation, 1)
}

/** Weight of each sample, 1/n included; 0 in rows that have one side only: `[rows, n]`. */
function sampleWeights(positives: Tensor, count: Tensor, weights: readonly SideWeights[]): Tensor {
  const samples = positives.shape[1]!
  const negative = tensor2d(weights.map(({ negatives }) => [negatives / samples]))
  const difference = tensor2d(
    weights.map(({ positives, negatives }) => [(positives - negatives) / samples]),
  )
  const bothSides = minimum(mul(count, sub(samples, count)), 1) // n+ n- is 0 or at least 1
  return mul(add(mul(positives, difference), negative), bothSides)
}
