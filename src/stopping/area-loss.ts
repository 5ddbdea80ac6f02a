import { aucInterval } from '../internal/auc-interval.js'
import { sortedSides } from '../internal/metric-sides.js'
import { normalQuantile } from '../internal/normal.js'
import { scoreInterval } from '../internal/score-interval.js'
import { delongTest } from '../metrics/delong-test.js'

/** The scores of two networks for the same samples: log-odds, `[n]`, in the order of the labels. */
export interface ComparedScores {
  readonly labels: Int32Array
  readonly positiveClass: number
  readonly dense: Float64Array
  readonly pruned: Float64Array
}

/** A loss of area, and the distance from it to its upper bound. */
export interface AreaLoss {
  /** AUC(dense) - AUC(pruned). */
  readonly loss: number
  readonly distance: number
  /** AUC(dense). */
  readonly denseArea: number
}

/**
 * The loss of area with its one-sided bound: sqrt(a^2 + b^2 - 2 r a b) above the loss, with a from
 * the dense area to its upper bound, b from the pruned area down to its lower one, and r DeLong's
 * correlation of the two areas. It is never less than 1 - (1 - confidence)^(1 / m): of m = min(n+,
 * n-) pairs none may be of the few that the pruned network loses altogether, whatever the variance.
 */
export function areaLoss(
  { labels, positiveClass, dense, pruned }: ComparedScores,
  { confidence, task }: { readonly confidence: number; readonly task: string },
): AreaLoss {
  const deviations = Math.max(0, normalQuantile(confidence))
  const error = 2 * (1 - confidence)
  const [before, after] = [dense, pruned].map((scores) => {
    const sides = sortedSides(labels, scores, { task, positiveClass })
    const area = aucInterval(sides, { error, deviations })
    const [positives, negatives] = [sides.positives.length, sides.negatives.length]
    const interval = scoreInterval(area, { positives, negatives, deviations })
    return { ...area, interval, pairs: Math.min(positives, negatives) }
  }) as [Area, Area]
  const { standardError } = delongTest(labels, pruned, dense, { positiveClass })
  const variances = before.variance * after.variance
  const covariance = (before.variance + after.variance - standardError ** 2) / 2
  const correlation = variances > 0 ? covariance / Math.sqrt(variances) : 0
  const [a, b] = [before.interval.upper - before.auc, after.auc - after.interval.lower]
  const joined = Math.sqrt(Math.max(0, a ** 2 + b ** 2 - 2 * correlation * a * b))
  const least = 1 - (1 - confidence) ** (1 / before.pairs)
  // One positive or negative shows no variance: the areas' own bounds are then NaN.
  const distance = Math.max(joined || 0, least)
  return { loss: before.auc - after.auc, distance, denseArea: before.auc }
}

type Area = ReturnType<typeof aucInterval> & { readonly pairs: number }
