import {
  cast,
  equal,
  expandDims,
  less,
  logicalAnd,
  logicalOr,
  mul,
  range,
  reshape,
  sum,
  type Tensor,
  tensor1d,
} from '@tensorflow/tfjs-core'
import type { NumberArray } from '../types.js'

/** ceil(share * count), blind to the rounding of the product: 0.07 of 100 are 7. */
export const worstCount = (share: number, count: number): number =>
  Math.ceil(share * count * (1 - 1e-12))

/**
 * 1 for the ceil(share n+) positives with the lowest scores of each row, the first of equal ones,
 * and 0 for all other samples. `scores` and `positives` (0 or 1) are `[rows, n]`; so is the result.
 * Has no gradient: use inside `detach`.
 */
export function lowestPositives(scores: Tensor, positives: Tensor, share: number): Tensor {
  const samples = scores.shape[1]!
  const [self, other] = [expandDims(scores, 2), expandDims(scores, 1)]
  const index = range(0, samples)
  const isFirst = less(reshape(index, [1, 1, samples]), reshape(index, [1, samples, 1]))
  const isLower = logicalOr(less(other, self), logicalAnd(equal(other, self), isFirst))
  const rank = sum(mul(cast(isLower, 'float32'), expandDims(positives, 1)), 2)
  // The device finds its count in a table, so that no rounding of share * n+ moves it.
  const table = tensor1d(
    Array.from({ length: samples + 1 }, (_, count) => worstCount(share, count)),
  )
  const count = sum(positives, 1, true)
  const kept = sum(mul(table, cast(equal(count, range(0, samples + 1)), 'float32')), 1, true)
  return mul(positives, cast(less(rank, kept), 'float32'))
}

/** The same of one row on the host. */
export function lowestOf(
  scores: NumberArray,
  positives: ArrayLike<number>,
  share: number,
): Uint8Array {
  const lowest = new Uint8Array(scores.length)
  const indices = Array.from({ length: scores.length }, (_, k) => k).filter((k) => positives[k])
  indices.sort((a, b) => scores[a]! - scores[b]! || a - b)
  for (const k of indices.slice(0, worstCount(share, indices.length))) lowest[k] = 1
  return lowest
}
