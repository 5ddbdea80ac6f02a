import { orderKey } from './order-key.js'
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
  const forEachKey = (visit: (key: number) => void) => {
    for (const { bits, inside } of splits) for (const i of inside) visit(orderKey(bits[i]!))
  }
  forEachKey((key) => high[(key >> 16) + HALF]!++)
  const upper = locate(high, count)
  const half = upper.bucket - HALF
  forEachKey((key) => {
    if (key >> 16 === half) low[key & 0xffff]!++
  })
  const lower = locate(low, upper.rest)
  return { threshold: (half << 16) | lower.bucket, ties: lower.rest }
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
