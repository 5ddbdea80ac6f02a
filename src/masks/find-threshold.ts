import { bitsOf, orderKey } from './order-key.js'
import {
  BUCKETS,
  type Candidates,
  countLowHalves,
  HALF,
  histogramOfHighHalves,
  locate,
} from './score-histogram.js'

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
 * 1 if a < b, else 0, for signed 32-bit integers: bits in place of a branch that would be
 * mispredicted half the time.
 */
function isLess(a: number, b: number): number {
  return ((a & ~b) | (~(a ^ b) & (a - b))) >>> 31
}
