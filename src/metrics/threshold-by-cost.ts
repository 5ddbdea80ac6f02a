import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { checkClassIndex } from '../internal/metric-checks.js'
import { sortedSides } from '../internal/metric-sides.js'
import { checkPositive, required } from '../internal/option-checks.js'
import type { NumberArray } from '../types.js'
import { ratesAt } from './rates-at.js'
import type { OperatingPoint } from './threshold-for-recall.js'
import { walkThresholds } from './walk-thresholds.js'

/** Options of {@link thresholdByCost}. */
export interface ThresholdByCostOptions {
  /** Class that counts as positive; all others are negative. */
  readonly positiveClass: number
  /** Cost of a missed positive: a finite number above 0. */
  readonly falseNegativeCost: number
  /** Cost of a negative taken for a positive, in the same unit. */
  readonly falsePositiveCost: number
}

/** The answer of {@link thresholdByCost}. */
export interface ThresholdByCost extends OperatingPoint {
  /** Mean cost of a sample at the threshold. */
  readonly cost: number
}

/** Costs that differ by no more are equal but for rounding: 0.3 and three times 0.1. */
const SLACK = 8 * Number.EPSILON

const task = 'compute thresholdByCost'
const checks: OptionChecks<ThresholdByCostOptions> = {
  positiveClass: required(checkClassIndex),
  falseNegativeCost: required(checkPositive),
  falsePositiveCost: required(checkPositive),
}

/**
 * The threshold with the least mean cost: (c_FN FN(t) + c_FP FP(t)) / n.
 *
 * Tried are all scores, and Infinity, at which nothing is predicted positive. Among thresholds of
 * equal cost it is the one with the fewest false negatives. The share of positives is that of the
 * samples: for a share of p elsewhere, and q here, multiply `falseNegativeCost` by p / q and
 * `falsePositiveCost` by (1 - p) / (1 - q). O(n log n).
 *
 * @param labels Class index of each sample.
 * @param scores Score of the positive class, of any range, in the order of the labels; infinite
 *   ones are allowed.
 * @param options The positive class and both costs.
 * @returns The threshold, its recall, its false-positive rate and its mean cost.
 * @throws {TypeError} If the lengths differ, something is not a number, or an option does not
 *   exist.
 * @throws {RangeError} If there is no positive or no negative, a score is NaN, a label or
 *   `positiveClass` is no class index, or a cost is not above 0 and finite.
 * @example
 * ```ts
 * import { thresholdByCost } from 'tfjs-prune/metrics'
 *
 * const [labels, scores] = [[1, 0, 1, 0, 0, 0], [6, 5, 4, 3, 2, 1]]
 * const costs = { falseNegativeCost: 5, falsePositiveCost: 1 }
 * const { threshold, cost } = thresholdByCost(labels, scores, { positiveClass: 1, ...costs })
 * if (threshold !== 4 || cost !== 1 / 6) throw new Error('one false alarm is cheaper than one miss')
 * ```
 * @see Elkan: The foundations of cost-sensitive learning. IJCAI 2001.
 */
export function thresholdByCost(
  labels: NumberArray,
  scores: NumberArray,
  options: ThresholdByCostOptions,
): ThresholdByCost {
  checkOptions(options, { task, checks })
  const { positiveClass, falseNegativeCost, falsePositiveCost } = options
  const sides = sortedSides(labels, scores, { task, positiveClass })
  const [n, m] = [sides.positives.length, sides.negatives.length]
  if (n === 0 || m === 0) {
    throw new RangeError(`Cannot ${task}: expected positives and negatives, got ${n} and ${m}`)
  }
  const unit = Math.max(falseNegativeCost, falsePositiveCost) // so that no sum overflows
  const [miss, alarm] = [falseNegativeCost / unit, falsePositiveCost / unit]
  const costOf = (truePositives: number, falsePositives: number) =>
    miss * (n - truePositives) + alarm * falsePositives

  // At a threshold of Infinity, infinite scores are predicted positive still.
  const noneIsInfinite =
    Math.max(sides.positives[n - 1]!, sides.negatives[m - 1]!) < Number.POSITIVE_INFINITY
  let least = noneIsInfinite ? costOf(0, 0) : Number.POSITIVE_INFINITY
  walkThresholds(sides, (_, truePositives, falsePositives) => {
    least = Math.min(least, costOf(truePositives, falsePositives))
  })
  const limit = least * (1 + SLACK)
  let chosen = { threshold: Number.POSITIVE_INFINITY, found: 0, alarms: 0 }
  let isChosen = noneIsInfinite && costOf(0, 0) <= limit
  walkThresholds(sides, (threshold, found, alarms) => {
    if (costOf(found, alarms) > limit || (isChosen && found <= chosen.found)) return
    chosen = { threshold, found, alarms }
    isChosen = true
  })
  const [missed, alarmed] = [(n - chosen.found) / labels.length, chosen.alarms / labels.length]
  const cost = falseNegativeCost * missed + falsePositiveCost * alarmed
  return { ...ratesAt(sides, chosen.threshold), cost }
}
