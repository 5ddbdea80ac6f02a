import type { SortedSides } from '../internal/metric-sides.js'
import { countBelow } from '../internal/mid-ranks.js'

/**
 * The shares of positives and of negatives with `score >= threshold`; NaN for a side that is empty.
 */
export function ratesAt(
  { positives, negatives }: SortedSides,
  threshold: number,
): { threshold: number; recall: number; falsePositiveRate: number } {
  const [n, m] = [positives.length, negatives.length]
  return {
    threshold,
    recall: (n - countBelow(positives, threshold)) / n,
    falsePositiveRate: (m - countBelow(negatives, threshold)) / m,
  }
}
