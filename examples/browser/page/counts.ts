import type { Evaluation } from 'tfjs-prune'
import { confusion } from 'tfjs-prune/metrics'

/** Misses and false alarms among the samples of an evaluation. */
export interface Counts {
  readonly misses: number
  readonly positives: number
  readonly falseAlarms: number
  readonly negatives: number
}

/** Counts at a threshold in log-odds. */
export function countsAt({ labels, scores }: Evaluation, threshold: number): Counts {
  if (!labels || !scores) throw new Error('Expected an evaluation with scores, got one without.')
  const counts = confusion(labels, scores, { positiveClass: 1, threshold })
  return {
    misses: counts.falseNegatives,
    positives: counts.falseNegatives + counts.truePositives,
    falseAlarms: counts.falsePositives,
    negatives: counts.falsePositives + counts.trueNegatives,
  }
}

/** Positives that the first evaluation finds at the threshold and the second one misses. */
export function lostAt(dense: Evaluation, pruned: Evaluation, threshold: number): number[] {
  const finds = ({ scores }: Evaluation, i: number) => scores![i]! >= threshold
  return [...dense.labels!.keys()].filter(
    (i) => dense.labels![i] === 1 && finds(dense, i) && !finds(pruned, i),
  )
}

/** The thresholds between which counts change: no miss at the one end, no false alarm at the other. */
export function thresholdRange(evaluations: readonly Evaluation[]): {
  readonly low: number
  readonly high: number
} {
  let [low, high] = [-1, 1]
  for (const { labels, scores } of evaluations) {
    for (const [i, score] of scores!.entries()) {
      if (labels![i] === 1) low = Math.min(low, score)
      else high = Math.max(high, score)
    }
  }
  return { low: Math.floor(low), high: Math.ceil(high) + 1 }
}
