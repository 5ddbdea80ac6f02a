import { bitsOf, orderKey } from './order-key.js'

/** Number of values of 16 bits. */
export const BUCKETS = 1 << 16
/** The bucket of the upper half 0: keys are signed. */
export const HALF = BUCKETS / 2

/** Scores with the mask of those that take part. */
export interface Candidates {
  readonly scores: Float32Array
  readonly mask: Uint8Array
}

/**
 * Histogram of the upper 16 bits of all candidates' keys, after checking scores, masks and count.
 */
export function histogramOfHighHalves(groups: readonly Candidates[], count: number): Int32Array {
  const high = new Int32Array(BUCKETS)
  for (const group of groups) countHighHalves(group, high)
  for (const group of groups) checkFinite(group, high)
  const total = high.reduce((sum, entries) => sum + entries, 0)
  if (Number.isInteger(count) && count >= 0 && count <= total) return high
  throw new RangeError(
    `Cannot keep the highest scores: expected a count from 0 to ${total}, got ${count}`,
  )
}

// The inner loops add the mask value instead of branching on it: a branch on a random mask costs
// more than the pass. Counts are int32: with Uint32Array they become doubles on the way, which
// takes twice the time.

/** Adds the upper 16 bits of each candidate's key to the histogram. */
function countHighHalves({ scores, mask }: Candidates, histogram: Int32Array): void {
  const bits = bitsOf(scores)
  let seen = 0
  for (let i = 0; i < bits.length; i++) {
    const kept = mask[i]!
    seen |= kept
    const bucket = (orderKey(bits[i]!) >> 16) + HALF
    histogram[bucket] = (histogram[bucket]! + kept) | 0
  }
  if (seen > 1) {
    throw new RangeError(
      'Cannot keep the highest scores: expected mask values of 0 and 1, got others',
    )
  }
}

/** Adds the lower 16 bits of the keys in one bucket of upper halves to the histogram. */
export function countLowHalves(
  { scores, mask }: Candidates,
  bucket: number,
  histogram: Int32Array,
): void {
  const bits = bitsOf(scores)
  const upper = bucket - HALF
  for (let i = 0; i < bits.length; i++) {
    const key = orderKey(bits[i]!)
    if (key >> 16 === upper) histogram[key & 0xffff]! += mask[i]!
  }
}

/** Infinities and NaN have exponents of all ones: the outermost 128 buckets on each side. */
function checkFinite({ scores, mask }: Candidates, histogram: Int32Array): void {
  let outside = 0
  for (let i = 0; i < 128; i++) outside += histogram[i]! + histogram[BUCKETS - 1 - i]!
  if (outside === 0) return
  const index = scores.findIndex((score, i) => mask[i] === 1 && !Number.isFinite(score))
  if (index < 0) return
  throw new RangeError(
    `Cannot keep the highest scores: expected finite scores, got ${scores[index]} at index ${index}`,
  )
}

/**
 * The bucket, from the top, that holds the count-th entry, and how many entries of it are needed.
 */
export function locate(histogram: Int32Array, count: number): { bucket: number; rest: number } {
  let bucket = BUCKETS - 1
  let rest = count
  while (rest > histogram[bucket]!) {
    rest -= histogram[bucket]!
    bucket--
  }
  return { bucket, rest }
}
