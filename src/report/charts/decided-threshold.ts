import { listOf } from '../../metrics/told-misses.js'
import type { ScoredRound } from './scored-round.js'

/**
 * A threshold that gives the predictions of a round: halfway between the lowest score that is
 * predicted positive and the highest that is not. Undefined where no predictions are told, all
 * samples are predicted alike, or no single threshold gives them, as with several classes.
 */
export function decidedThreshold({
  scores,
  positiveClass,
  evaluation: { predictions },
}: ScoredRound): number | undefined {
  if (!predictions) return undefined
  const predicted = listOf(predictions)
  let [lowest, highest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (let i = 0; i < scores.length; i++) {
    if (predicted[i] === positiveClass) lowest = Math.min(lowest, scores[i]!)
    else highest = Math.max(highest, scores[i]!)
  }
  const isOne = lowest > highest && Number.isFinite(lowest) && Number.isFinite(highest)
  return isOne ? (lowest + highest) / 2 : undefined
}
