import { checkOptions } from '../internal/check-options.js'
import { sortedSides } from '../internal/metric-sides.js'
import type { NumberArray } from '../types.js'
import { positiveClassChecks } from './positive-class-checks.js'
import { walkThresholds } from './walk-thresholds.js'

/** Options of {@link precisionRecallCurve}. */
export interface PrecisionRecallCurveOptions {
  /** Class that counts as positive; all others are negative. */
  readonly positiveClass: number
}

/** Points of a precision-recall curve, from nothing predicted positive to everything. */
export interface PrecisionRecallCurve {
  /** TP / (TP + FP) at each threshold; 1 at the first, where nothing is predicted positive. */
  readonly precisions: Float64Array
  /** TP / (TP + FN) at each threshold; NaN without positives. */
  readonly recalls: Float64Array
  /** Samples are predicted positive from this score on; descending, the first is Infinity. */
  readonly thresholds: Float64Array
}

const task = 'compute precisionRecallCurve'

/**
 * The precision-recall curve: one point per distinct score, after the point of recall 0 and
 * precision 1 with threshold Infinity.
 *
 * P(t) = TP(t) / (TP(t) + FP(t)), R(t) = TP(t) / n+, with TP(t) = |{i in P: s_i >= t}|, FP(t) = |{j
 * in N: s_j >= t}|. Its points stand in the order of {@link rocCurve}, which has the same
 * thresholds. O(n log n).
 *
 * @param labels Class index of each sample.
 * @param scores Score of the positive class, of any range, in the order of the labels. A score of
 *   Infinity makes a second point with that threshold.
 * @param options The positive class.
 * @returns Three arrays of one length. Without positives all recalls are NaN.
 * @throws {TypeError} If the lengths differ, something is not a number, or an option does not
 *   exist.
 * @throws {RangeError} If there is no sample, a score is NaN, or a label or `positiveClass` is no
 *   class index.
 * @example
 * ```ts
 * import { precisionRecallCurve } from 'tfjs-prune/metrics'
 *
 * const curve = precisionRecallCurve([0, 1, 0, 1], [1, 2, 3, 3], { positiveClass: 1 })
 * if (curve.thresholds.join() !== 'Infinity,3,2,1') throw new Error('unexpected thresholds')
 * if (curve.recalls.join() !== '0,0.5,1,1') throw new Error('unexpected recalls')
 * if (curve.precisions.join() !== `1,0.5,${2 / 3},0.5`) throw new Error('unexpected precisions')
 * ```
 */
export function precisionRecallCurve(
  labels: NumberArray,
  scores: NumberArray,
  options: PrecisionRecallCurveOptions,
): PrecisionRecallCurve {
  checkOptions(options, { task, checks: positiveClassChecks })
  const sides = sortedSides(labels, scores, { task, positiveClass: options.positiveClass })
  const precisions = new Float64Array(labels.length + 1)
  const recalls = new Float64Array(labels.length + 1)
  const thresholds = new Float64Array(labels.length + 1)
  precisions[0] = 1
  recalls[0] = 0 / sides.positives.length
  thresholds[0] = Number.POSITIVE_INFINITY
  let points = 1
  walkThresholds(sides, (threshold, truePositives, falsePositives) => {
    precisions[points] = truePositives / (truePositives + falsePositives)
    recalls[points] = truePositives / sides.positives.length
    thresholds[points++] = threshold
  })
  return {
    precisions: precisions.slice(0, points),
    recalls: recalls.slice(0, points),
    thresholds: thresholds.slice(0, points),
  }
}
