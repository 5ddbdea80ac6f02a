import type { Split } from './split-candidates.js'

/** Number of values of 16 bits. */
const BUCKETS = 1 << 16
/** The bucket of the upper half 0: keys are signed. */
const HALF = BUCKETS / 2

/**
 * The order key of the count-th highest score in the bands, and how many equal to it are among them:
 * a histogram of the upper halves, and one of the lower halves in the bucket that decides.
 */
export function findThreshold(
  splits: readonly Split[],
  count: number,
): { threshold: number; ties: number } {
  const high = new Int32Array(BUCKETS)
  const low = new Int32Array(BUCKETS)
  for (const split of splits) countUpper(split, high)
  const upper = locate(high, count)
  const half = upper.bucket - HALF
  for (const split of splits) countLower(split, half, low)
  const lower = locate(low, upper.rest)
  return { threshold: (half << 16) | lower.bucket, ties: lower.rest }
}

/** Counts the upper halves of listed keys. A function for each key would take four times as long. */
function countUpper({ keys }: Split, high: Int32Array): void {
  for (let i = 0; i < keys.length; i++) high[(keys[i]! >> 16) + HALF]!++
}

/** Counts the lower halves of listed keys with one upper half. */
function countLower({ keys }: Split, half: number, low: Int32Array): void {
  for (let i = 0; i < keys.length; i++) if (keys[i]! >> 16 === half) low[keys[i]! & 0xffff]!++
}

/**
 * The bucket, from the top, that holds the count-th entry, and how many entries of it are needed.
 */
function locate(histogram: Int32Array, count: number): { bucket: number; rest: number } {
  let bucket = BUCKETS - 1
  let rest = count
  while (rest > histogram[bucket]!) rest -= histogram[bucket--]!
  return { bucket, rest }
}
