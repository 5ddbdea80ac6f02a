import type { SortedSides } from './metric-sides.js'

/** Told for each distinct score, the highest first: what is predicted positive from this score on. */
export type ThresholdVisitor = (threshold: number, truePositives: number, falsePositives: number) => void

/** Goes through the distinct scores of both sides, from the highest to the lowest, in O(n). */
export function walkThresholds({ positives, negatives }: SortedSides, visit: ThresholdVisitor): void {
  const [n, m] = [positives.length, negatives.length]
  let [i, j] = [n, m] // the i lowest positives and j lowest negatives are not yet predicted positive
  while (i > 0 || j > 0) {
    const highest = i === 0 || (j > 0 && negatives[j - 1]! > positives[i - 1]!) ? negatives[j - 1]! : positives[i - 1]!
    while (i > 0 && positives[i - 1] === highest) i--
    while (j > 0 && negatives[j - 1] === highest) j--
    visit(highest, n - i, m - j)
  }
}
