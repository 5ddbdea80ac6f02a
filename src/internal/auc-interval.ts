import type { Interval } from '../types.js'
import type { SortedSides } from './metric-sides.js'
import { placements, sumAndVarianceOfMean } from './mid-ranks.js'

/** An area under the ROC curve with DeLong's variance; NaN without positives or negatives. */
export interface AucInterval {
  readonly auc: number
  readonly variance: number
  readonly interval: Interval
}

/**
 * The area with an interval that misses it with probability `error`; the normal distribution leaves
 * so much beyond `deviations` standard deviations on both sides.
 */
export function aucInterval(
  { positives, negatives }: SortedSides,
  { error, deviations }: { error: number; deviations: number },
): AucInterval {
  const [n, m] = [positives.length, negatives.length]
  const wins = sumAndVarianceOfMean(placements(positives, negatives))
  const losses = sumAndVarianceOfMean(placements(negatives, positives))
  const auc = wins.sum / 2 / (n * m)
  const variance = wins.varianceOfMean / (2 * m) ** 2 + losses.varianceOfMean / (2 * n) ** 2
  const interval =
    variance > 0
      ? logitInterval(auc, deviations * Math.sqrt(variance))
      : pairsInterval(auc, Math.min(n, m), error)
  return { auc, variance, interval }
}

function logitInterval(auc: number, distance: number): Interval {
  const logit = Math.log(auc / (1 - auc))
  const reach = distance / (auc * (1 - auc))
  return { lower: 1 / (1 + Math.exp(reach - logit)), upper: 1 / (1 + Math.exp(-reach - logit)) }
}

/** The interval that `pairs` independent pairs prove; it needs no variance. */
function pairsInterval(auc: number, pairs: number, error: number): Interval {
  if (Number.isNaN(auc)) return { lower: Number.NaN, upper: Number.NaN }
  const least = (error / 2) ** (1 / pairs)
  if (auc === 1) return { lower: least, upper: 1 }
  if (auc === 0) return { lower: 0, upper: 1 - least }
  const reach = Math.sqrt(Math.log(2 / error) / (2 * pairs))
  return { lower: Math.max(0, auc - reach), upper: Math.min(1, auc + reach) }
}
