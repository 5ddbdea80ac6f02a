import { aucInterval } from '../internal/auc-interval.js'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { checkClassIndex } from '../internal/metric-checks.js'
import { sortedSides } from '../internal/metric-sides.js'
import { normalQuantile } from '../internal/normal.js'
import { required } from '../internal/option-checks.js'
import { checkInside } from '../internal/rate-checks.js'
import type { Interval, NumberArray } from '../types.js'

/** Options of {@link delongInterval}. */
export interface DelongIntervalOptions {
  /** Class that counts as positive; all others are negative. */
  readonly positiveClass: number
  /**
   * Probability that the interval holds the true area, between 0 and 1.
   *
   * @default 0.95
   */
  readonly confidence?: number
}

/** The answer of {@link delongInterval}. */
export interface DelongInterval {
  /** Area under the ROC curve, ties counting half; NaN when a side is empty. */
  readonly auc: number
  /** DeLong's variance of the area; NaN when a side has fewer than two samples. */
  readonly variance: number
  /** Bounds of the area in [0, 1]; NaN when a side is empty. */
  readonly interval: Interval
  /** Number of positives. */
  readonly positives: number
  /** Number of negatives. */
  readonly negatives: number
}

const task = 'compute delongInterval'
const checks: OptionChecks<DelongIntervalOptions> = {
  positiveClass: required(checkClassIndex),
  confidence: checkInside,
}

/**
 * Area under the ROC curve with DeLong's variance and an interval, in O(n log n).
 *
 * variance = var(V_i, i in P) / n+ + var(V_j, j in N) / n-, where V_i is the share of negatives
 * under positive i and V_j the share of positives above negative j, ties counting half: differences
 * of mid-ranks. The interval is symmetric in the log-odds, logit(AUC) +- z sqrt(variance) / (AUC (1
 * - AUC)), so that it stays within 0 and 1.
 *
 * Where the variance is 0 or undefined it says nothing, and the interval rests on the m = min(n+,
 * n-) pairs of different samples instead, with a = 1 - confidence: at an AUC of 1 its lower bound
 * is the exact (a / 2)^(1 / m), at 0 its upper bound is 1 - (a / 2)^(1 / m); else, such as for
 * scores that are all equal, it is Hoeffding's AUC +- sqrt(log(2 / a) / (2 m)).
 *
 * @param labels Class index of each sample.
 * @param scores Score of the positive class, of any range, in the order of the labels; infinite
 *   ones are allowed.
 * @param options The positive class and the confidence.
 * @returns Area, variance, interval and counts; without positives or without negatives the first
 *   three are NaN.
 * @throws {TypeError} If the lengths differ, or something is not a number.
 * @throws {RangeError} If there is no sample, a score is NaN, a label or `positiveClass` is no
 *   class index, or `confidence` is not between 0 and 1.
 * @example
 * ```ts
 * import { delongInterval } from 'tfjs-prune/metrics'
 *
 * const { auc, interval } = delongInterval([0, 0, 0, 1, 1, 1], [1, 2, 4, 3, 5, 6], { positiveClass: 1 })
 * if (Math.abs(auc - 8 / 9) > 1e-12) throw new Error('eight pairs of nine in order')
 * if (!(interval.lower < 0.5 && interval.upper < 1)) throw new Error('six samples prove little')
 * ```
 * @see Sun, Xu: Fast implementation of DeLong's algorithm for comparing the areas under correlated
 *   receiver operating characteristic curves. IEEE Signal Processing Letters 2014.
 */
export function delongInterval(
  labels: NumberArray,
  scores: NumberArray,
  options: DelongIntervalOptions,
): DelongInterval {
  const { deviations: _, ...area } = measuredArea(labels, scores, { options, task })
  return area
}

/** The same beside the deviations that the confidence asks for; `task` stands in the errors. */
export function measuredArea(
  labels: NumberArray,
  scores: NumberArray,
  { options, task }: { readonly options: DelongIntervalOptions; readonly task: string },
): DelongInterval & { readonly deviations: number } {
  checkOptions(options, { task, checks })
  const { positiveClass, confidence = 0.95 } = options
  const sides = sortedSides(labels, scores, { task, positiveClass })
  const error = 1 - confidence
  const deviations = -normalQuantile(error / 2)
  const counts = { positives: sides.positives.length, negatives: sides.negatives.length }
  return { ...aucInterval(sides, { error, deviations }), ...counts, deviations }
}
