import { checkOptions } from '../internal/check-options.js'
import { sortedSides } from '../internal/metric-sides.js'
import type { NumberArray } from '../types.js'
import { positiveClassChecks } from './positive-class-checks.js'
import { walkThresholds } from './walk-thresholds.js'

/** Options of {@link averagePrecision}. */
export interface AveragePrecisionOptions {
  /** Class that counts as positive; all others are negative. */
  readonly positiveClass: number
}

const task = 'compute averagePrecision'

/**
 * Average precision: the precision at each threshold, weighted by the recall that the threshold
 * adds.
 *
 * AP = sum_k (R_k - R_{k-1}) P_k over the distinct scores from the highest down, R_0 = 0: the
 * step-wise area under the curve of {@link precisionRecallCurve}, without interpolation. Scores
 * that are all equal give the share of positives. Unlike {@link aucRoc} it depends on that share:
 * compare it on the same samples only. Float64, O(n log n).
 *
 * @param labels Class index of each sample.
 * @param scores Score of the positive class, of any range, in the order of the labels; infinite
 *   ones are allowed.
 * @param options The positive class.
 * @returns A number in (0, 1]; without negatives: 1; without positives: NaN.
 * @throws {TypeError} If the lengths differ, something is not a number, or an option does not
 *   exist.
 * @throws {RangeError} If there is no sample, a score is NaN, or a label or `positiveClass` is no
 *   class index.
 * @example
 * ```ts
 * import { averagePrecision } from 'tfjs-prune/metrics'
 *
 * const ap = averagePrecision([1, 0, 1, 0], [4, 3, 2, 1], { positiveClass: 1 })
 * if (Math.abs(ap - (1 / 1 + 2 / 3) / 2) > 1e-15) throw new Error('the precision at each of two positives')
 * ```
 * @see Davis, Goadrich: The relationship between precision-recall and ROC curves. ICML 2006.
 */
export function averagePrecision(
  labels: NumberArray,
  scores: NumberArray,
  options: AveragePrecisionOptions,
): number {
  checkOptions(options, { task, checks: positiveClassChecks })
  const sides = sortedSides(labels, scores, { task, positiveClass: options.positiveClass })
  let known = 0
  let sum = 0
  walkThresholds(sides, (_, truePositives, falsePositives) => {
    sum += (truePositives - known) * (truePositives / (truePositives + falsePositives))
    known = truePositives
  })
  return sum / sides.positives.length
}
