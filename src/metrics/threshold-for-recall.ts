import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { checkClassIndex } from '../internal/metric-checks.js'
import { sortedSides } from '../internal/metric-sides.js'
import { numberThat, required } from '../internal/option-checks.js'
import type { NumberArray } from '../types.js'
import { leastCount } from './counts-of-share.js'
import { ratesAt } from './rates-at.js'

/** Options of {@link thresholdForRecall}. */
export interface ThresholdForRecallOptions {
  /** Class that counts as positive; all others are negative. */
  readonly positiveClass: number
  /** Least share of the positives that is found, in (0, 1]. */
  readonly recall: number
}

/** A threshold, and its rates on the samples that it was chosen on. */
export interface OperatingPoint {
  /** Samples are predicted positive from this score on. */
  readonly threshold: number
  /** TP / (TP + FN); NaN without positives. */
  readonly recall: number
  /** FP / (FP + TN); NaN without negatives. */
  readonly falsePositiveRate: number
}

const task = 'compute thresholdForRecall'
const checks: OptionChecks<ThresholdForRecallOptions> = {
  positiveClass: required(checkClassIndex),
  recall: required(numberThat('in (0, 1]', (share) => share > 0 && share <= 1)),
}

/**
 * The highest threshold that finds at least the wanted share of the positives: the fewest false
 * alarms at that recall.
 *
 * t = max { t : |{i in P: s_i >= t}| / n+ >= recall }, which is the score of a positive. Counts
 * decide, not rounded products: 0.9 of 10 positives are 9. On new samples the recall of this
 * threshold falls short about every other time; `neymanPearsonThreshold` of `tfjs-prune/certify`
 * holds it there.
 *
 * @param labels Class index of each sample.
 * @param scores Score of the positive class, of any range, in the order of the labels; infinite
 *   ones are allowed.
 * @param options The positive class and the recall.
 * @returns The threshold, its recall, which is at least the wanted one, and its false-positive
 *   rate, which is NaN without negatives.
 * @throws {TypeError} If the lengths differ, something is not a number, or an option does not
 *   exist.
 * @throws {RangeError} If there is no sample or no positive, a score is NaN, a label or
 *   `positiveClass` is no class index, or `recall` is outside (0, 1].
 * @example
 * ```ts
 * import { thresholdForRecall } from 'tfjs-prune/metrics'
 *
 * const point = thresholdForRecall([1, 0, 1, 0, 1, 0], [6, 5, 4, 3, 2, 1], { positiveClass: 1, recall: 0.6 })
 * if (point.threshold !== 4 || point.recall !== 2 / 3) throw new Error('two positives of three score 4 or more')
 * if (point.falsePositiveRate !== 1 / 3) throw new Error('and one negative of three')
 * ```
 */
export function thresholdForRecall(
  labels: NumberArray,
  scores: NumberArray,
  options: ThresholdForRecallOptions,
): OperatingPoint {
  checkOptions(options, { task, checks })
  const { positiveClass, recall } = options
  const sides = sortedSides(labels, scores, { task, positiveClass })
  const n = sides.positives.length
  if (n === 0) throw new RangeError(`Cannot ${task}: expected at least one positive, got none`)
  return ratesAt(sides, sides.positives[n - leastCount(recall, n)]!)
}
