import { bitsOf, orderKey } from './order-key.js'
import { BUCKETS, type Candidates, HALF, histogramOfHighHalves, locate } from './score-histogram.js'

/**
 * Keeps exactly the `count` highest scores: an exact selection in linear time, without sorting.
 *
 * A histogram of the upper 16 bits of the scores finds the bucket of the count-th highest; a second
 * pass keeps the scores above it and lists those in it, where a histogram of the lower 16 bits
 * decides. Among equal scores the lower flat index stays. -0 equals +0.
 *
 * @param scores Finite numbers, higher = keep; ignored where `among` is 0.
 * @param count How many to keep: a whole number from 0 to the number of ones in `among`.
 * @param among Previous mask, 1 = may be kept; all when left out.
 * @returns The new mask, 1 = kept: a subset of `among`.
 * @throws {TypeError} If `scores` is no Float32Array.
 * @throws {RangeError} If a score is NaN or infinite, `count` is out of range, or `among` has
 *   another length or values that are neither 0 nor 1.
 *
 * @example
 * ```ts
 * import { keepHighest } from 'tfjs-prune'
 *
 * const kept = keepHighest(Float32Array.of(0.3, 0.9, 0.9, 0.1), 2)
 * if (kept.join() !== '0,1,1,0') throw new Error('the two highest stay')
 * ```
 */
export function keepHighest(scores: Float32Array, count: number, among?: Uint8Array): Uint8Array {
  if (!(scores instanceof Float32Array)) {
    throw new TypeError(
      `Cannot keep the highest scores: expected a Float32Array, got ${typeof scores}`,
    )
  }
  const candidates = among ?? new Uint8Array(scores.length).fill(1)
  if (candidates.length !== scores.length) {
    throw new RangeError(
      `Cannot keep the highest scores: expected ${scores.length} mask values, got ${candidates.length}`,
    )
  }
  const group = { scores, mask: candidates }
  const high = histogramOfHighHalves([group], count)
  if (count === 0) return new Uint8Array(scores.length)
  const { bucket, rest } = locate(high, count)
  const { kept, inside } = keepAbove(group, bucket, high[bucket]!)
  markHighest(group, { inside, rest, kept })
  return kept
}

/** Marks all scores of higher buckets, and lists the flat indices of those in the bucket. */
function keepAbove({ scores, mask }: Candidates, bucket: number, size: number) {
  const bits = bitsOf(scores)
  const kept = new Uint8Array(scores.length)
  const inside = new Int32Array(size)
  const upper = bucket - HALF
  let next = 0
  for (let i = 0; i < bits.length; i++) {
    const half = orderKey(bits[i]!) >> 16
    // Bits in place of a comparison that would be mispredicted half the time; halves are small, so
    // nothing overflows.
    kept[i] = ((upper - half) >>> 31) & mask[i]!
    if (half === upper && mask[i] === 1) inside[next++] = i
  }
  return { kept, inside }
}

/** Marks the `rest` highest of the listed scores, which share their upper halves. */
function markHighest({ scores }: Candidates, { inside, rest, kept }: Listed): void {
  const bits = bitsOf(scores)
  const low = new Int32Array(BUCKETS)
  for (const i of inside) low[orderKey(bits[i]!) & 0xffff]!++
  const { bucket, rest: ties } = locate(low, rest)
  let left = ties
  for (const i of inside) {
    const half = orderKey(bits[i]!) & 0xffff
    if (half > bucket) kept[i] = 1
    else if (half === bucket && left-- > 0) kept[i] = 1
  }
}

interface Listed {
  readonly inside: Int32Array
  readonly rest: number
  readonly kept: Uint8Array
}
