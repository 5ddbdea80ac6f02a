import { checkOptions } from '../internal/check-options.js'
import { sortedSides } from '../internal/metric-sides.js'
import type { NumberArray } from '../types.js'
import { positiveClassChecks } from './positive-class-checks.js'
import { walkThresholds } from './walk-thresholds.js'

/** Options of {@link rocCurve}. */
export interface RocCurveOptions {
  /** Class that counts as positive; all others are negative. */
  readonly positiveClass: number
}

/** Points of a ROC curve, from nothing predicted positive to everything. */
export interface RocCurve {
  /** FP / (FP + TN) at each threshold; NaN without negatives. */
  readonly falsePositiveRates: Float64Array
  /** TP / (TP + FN) at each threshold; NaN without positives. */
  readonly truePositiveRates: Float64Array
  /**
   * Samples are predicted positive from this score on; descending. The first is Infinity, or NaN
   * where a sample has that score: no number lies above it.
   */
  readonly thresholds: Float64Array
}

const task = 'compute rocCurve'

/**
 * The ROC curve: one point per distinct score, after the point (0, 0) that no score reaches.
 *
 * TPR(t) = |{i in P: s_i >= t}| / n+, FPR(t) = |{j in N: s_j >= t}| / n-.
 *
 * @param labels Class index of each sample.
 * @param scores Score of the positive class, of any range, in the order of the labels.
 * @param options The positive class.
 * @returns Three arrays of one length. Without positives all true-positive rates are NaN, without
 *   negatives all false-positive rates.
 * @throws {TypeError} If the lengths differ, or something is not a number.
 * @throws {RangeError} If there is no sample, a score is NaN, or a label or `positiveClass` is no
 *   class index.
 * @example
 * ```ts
 * import { rocCurve } from 'tfjs-prune/metrics'
 *
 * const curve = rocCurve([0, 1, 0, 1], [1, 2, 3, 3], { positiveClass: 1 })
 * if (curve.thresholds.join() !== 'Infinity,3,2,1') throw new Error('unexpected thresholds')
 * if (curve.truePositiveRates.join() !== '0,0.5,1,1') throw new Error('unexpected rates')
 * if (curve.falsePositiveRates.join() !== '0,0.5,0.5,1') throw new Error('unexpected rates')
 * ```
 */
export function rocCurve(
  labels: NumberArray,
  scores: NumberArray,
  options: RocCurveOptions,
): RocCurve {
  checkOptions(options, { task, checks: positiveClassChecks })
  const sides = sortedSides(labels, scores, { task, positiveClass: options.positiveClass })
  const { positives, negatives } = sides
  const falsePositiveRates = new Float64Array(labels.length + 1)
  const truePositiveRates = new Float64Array(labels.length + 1)
  const thresholds = new Float64Array(labels.length + 1)
  let points = 0
  const addPoint = (threshold: number, truePositives: number, falsePositives: number) => {
    thresholds[points] = threshold
    truePositiveRates[points] = truePositives / positives.length
    falsePositiveRates[points++] = falsePositives / negatives.length
  }
  const isInfinite = [positives, negatives].some((side) => side.at(-1) === Number.POSITIVE_INFINITY)
  addPoint(isInfinite ? Number.NaN : Number.POSITIVE_INFINITY, 0, 0)
  walkThresholds(sides, addPoint)
  return {
    falsePositiveRates: falsePositiveRates.slice(0, points),
    truePositiveRates: truePositiveRates.slice(0, points),
    thresholds: thresholds.slice(0, points),
  }
}
