import {
  add,
  cast,
  div,
  equal,
  greater,
  less,
  logicalAnd,
  mean,
  mul,
  range,
  relu,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  topk,
  where,
} from '@tensorflow/tfjs-core'
import { detach } from './detach.js'

/** Standard deviation of a batch's scores up to which they count as equal. */
const noDeviation = 1e-3

/** Samples of the row's class, `[rows, 1]`. */
const countOf = (positives: Tensor) => sum(positives, 1, true)

/** 1 for a row that has both sides, 0 for one that has nothing to rank: `[rows, n]` to `[rows, 1]`. */
export function isRankable(positives: Tensor): Tensor {
  const count = countOf(positives)
  return cast(logicalAnd(greater(count, 0), less(count, positives.shape[1]!)), 'float32')
}

/** Boundary b: midway between the n-_th and the (n- + 1)-th smallest score of each row, `[rows, n]` to `[rows, 1]`. */
function boundaryOf(scores: Tensor, positives: Tensor): Tensor {
  const samples = scores.shape[1]!
  const { values } = topk(scores, samples) // descending: the (n- + 1)-th smallest is at index n+ - 1
  const place = sub(range(0, samples), countOf(positives))
  const beside = add(cast(equal(place, -1), 'float32'), cast(equal(place, 0), 'float32'))
  return div(sum(mul(values, beside), 1, true), 2)
}

/** Standard deviation of each row of centred scores, or 1 where there is none: `[rows, n]` to `[rows, 1]`. */
function deviationOf(centred: Tensor): Tensor {
  const deviation = sqrt(mean(square(centred), 1, true))
  return where(greater(deviation, noDeviation), deviation, 1)
}

/**
 * [1 - y (s - mean(s) - b) / tau]_+^2 for each row of `scores`, one class against the rest: `[rows, n]`.
 * `positives` is 1 for the row's class and 0 for the others.
 */
export function squaredHinges(scores: Tensor, positives: Tensor, tau: 'one' | 'deviation'): Tensor {
  const centred = sub(scores, mean(scores, 1, true))
  const beyond = sub(centred, detach(boundaryOf, centred, positives))
  const margin = tau === 'one' ? beyond : div(beyond, detach(deviationOf, centred))
  const sign = sub(mul(positives, 2), 1)
  return square(relu(sub(1, mul(sign, margin))))
}
