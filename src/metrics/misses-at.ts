import type { SortedSides } from '../internal/metric-sides.js'
import type { MissesAtRate } from '../types.js'
import { mostCount } from './counts-of-share.js'

/**
 * The misses where a share in [0, 1) of the negatives is taken for positives: the one definition,
 * which `falseNegativeRateAt` explains. O(n) on sides that are sorted already.
 */
export function missesAt(sides: SortedSides, falsePositiveRate: number): MissesAtRate {
  const { positives, negatives } = sides
  const refused = refusedAt(negatives, falsePositiveRate)
  const isAbove = (score: number) => score > refused
  const isTied = (score: number) => score === refused
  const above = negatives.filter(isAbove).length
  const excess = countOf(falsePositiveRate, negatives.length) - above
  const missed = positives.length - positives.filter(isAbove).length
  const [tied, others] = [positives.filter(isTied).length, negatives.filter(isTied).length]
  // As far through the tied positives as through the tied negatives; multiplied first, whole
  // numbers stay whole.
  const falseNegatives = missed - Math.max(0, (excess * tied) / others)
  const threshold = lowestAbove(sides, refused)
  return {
    falsePositiveRate,
    falseNegatives,
    falseNegativeRate: falseNegatives / positives.length,
    threshold: Number.isFinite(threshold) ? threshold : null,
  }
}

/** A share as a number of samples: whole where it is one of whole ones, as 1 / 49 of 49 is. */
function countOf(share: number, total: number): number {
  const count = mostCount(share, total)
  return count / total === share ? count : share * total
}

/** The highest negative that is not wholly among the false positives; NaN without negatives. */
export function refusedAt(negatives: Float64Array, falsePositiveRate: number): number {
  const most = mostCount(falsePositiveRate, negatives.length)
  return negatives[negatives.length - 1 - most] ?? Number.NaN
}

/** The lowest score above another one; Infinity for none. */
export function lowestAbove({ positives, negatives }: SortedSides, score: number): number {
  const above = (ascending: Float64Array) =>
    ascending.find((one) => one > score) ?? Number.POSITIVE_INFINITY
  return Math.min(above(positives), above(negatives))
}
