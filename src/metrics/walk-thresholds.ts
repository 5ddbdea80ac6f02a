import type { SortedSides } from '../internal/metric-sides.js'

/**
 * Visits each distinct score from the highest down, with the counts of positives and of negatives
 * at or above it: the samples that are predicted positive if that score is the threshold. O(n).
 */
export function walkThresholds(
  { positives, negatives }: SortedSides,
  visit: (threshold: number, truePositives: number, falsePositives: number) => void,
): void {
  const [n, m] = [positives.length, negatives.length]
  let [i, j] = [n, m] // not yet predicted positive: the i lowest positives, the j lowest negatives
  while (i > 0 || j > 0) {
    const highest = Math.max(
      positives[i - 1] ?? Number.NEGATIVE_INFINITY,
      negatives[j - 1] ?? Number.NEGATIVE_INFINITY,
    )
    while (i > 0 && positives[i - 1] === highest) i--
    while (j > 0 && negatives[j - 1] === highest) j--
    visit(highest, n - i, m - j)
  }
}
