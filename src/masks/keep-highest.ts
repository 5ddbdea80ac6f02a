const BUCKETS = 1 << 16
const HALF = BUCKETS / 2

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

/** Scores with the mask of those that take part. */
export interface Candidates {
  readonly scores: Float32Array
  readonly mask: Uint8Array
}

/** The order key of the last score that stays, and how many equal to it stay. */
export interface Threshold {
  readonly threshold: number
  readonly ties: number
}

/** Finds the count-th highest score over several arrays at once. */
export function findThreshold(groups: readonly Candidates[], count: number): Threshold {
  const high = histogramOfHighHalves(groups, count)
  if (count === 0) return { threshold: 0x7fff_ffff, ties: 0 }
  const upper = locate(high, count)
  const low = new Int32Array(BUCKETS)
  for (const group of groups) countLowHalves(group, upper.bucket, low)
  const lower = locate(low, upper.rest)
  return { threshold: ((upper.bucket - HALF) << 16) | lower.bucket, ties: lower.rest }
}

/**
 * Histogram of the upper 16 bits of all candidates' keys, after checking scores, masks and count.
 */
function histogramOfHighHalves(groups: readonly Candidates[], count: number): Int32Array {
  const high = new Int32Array(BUCKETS)
  for (const group of groups) countHighHalves(group, high)
  for (const group of groups) checkFinite(group, high)
  const total = high.reduce((sum, entries) => sum + entries, 0)
  if (Number.isInteger(count) && count >= 0 && count <= total) return high
  throw new RangeError(
    `Cannot keep the highest scores: expected a count from 0 to ${total}, got ${count}`,
  )
}

/** Counts scores above and equal to a threshold. */
export function countAbove(
  { scores, mask }: Candidates,
  threshold: number,
): { above: number; equal: number } {
  const bits = bitsOf(scores)
  let above = 0
  let equal = 0
  for (let i = 0; i < bits.length; i++) {
    const key = orderKey(bits[i]!)
    above += isLess(threshold, key) & mask[i]!
    if (key === threshold) equal += mask[i]!
  }
  return { above, equal }
}

/**
 * Maps float32 bits to signed integers of the same order: negative floats count down. Both zeros
 * get key 0.
 */
function orderKey(bits: number): number {
  const key = bits ^ ((bits >> 31) & 0x7fff_ffff)
  return key === -1 ? 0 : key
}

/**
 * 1 if a < b, else 0, for signed 32-bit integers: bits in place of a branch that would be
 * mispredicted half the time.
 */
function isLess(a: number, b: number): number {
  return ((a & ~b) | (~(a ^ b) & (a - b))) >>> 31
}

function bitsOf(scores: Float32Array): Int32Array {
  return new Int32Array(scores.buffer, scores.byteOffset, scores.length)
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

function countLowHalves({ scores, mask }: Candidates, bucket: number, histogram: Int32Array): void {
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
function locate(histogram: Int32Array, count: number): { bucket: number; rest: number } {
  let bucket = BUCKETS - 1
  let rest = count
  while (rest > histogram[bucket]!) {
    rest -= histogram[bucket]!
    bucket--
  }
  return { bucket, rest }
}
