import {
  add,
  cast,
  equal,
  mean,
  mul,
  range,
  relu,
  reshape,
  type Scalar,
  square,
  sub,
  sum,
  type Tensor,
  tidy,
  topk,
} from '@tensorflow/tfjs-core'
import { detach } from '../../src/losses/detach.js'
import type { Loss } from '../../src/types.js'

/**
 * The ranking loss of one output without centring: the boundary is a constant, the mean is not
 * taken off.
 */
export const uncentredRank =
  (lambda: number): Loss =>
  (labels, outputs) =>
    tidy(() => {
      const scores = reshape(outputs, [-1])
      const boundary = detach(boundaryOf, scores, labels)
      const sign = sub(mul(labels, 2), 1)
      return mul<Scalar>(lambda, mean(square(relu(sub(1, mul(sign, sub(scores, boundary)))))))
    })

function boundaryOf(scores: Tensor, labels: Tensor): Tensor {
  const place = sub(range(0, scores.size), sum(labels))
  const beside = add(cast(equal(place, -1), 'float32'), cast(equal(place, 0), 'float32'))
  return mul(sum(mul(topk(scores, scores.size).values, beside)), 0.5)
}
