import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { checkClassIndex } from '../internal/metric-checks.js'
import { sortedSides } from '../internal/metric-sides.js'
import { numberThat, required } from '../internal/option-checks.js'
import type { NumberArray } from '../types.js'
import { missesAt } from './misses-at.js'

/** Options of {@link falseNegativeRateAt}. */
export interface FalseNegativeRateAtOptions {
  /** Class that counts as positive; all others are negative. */
  readonly positiveClass: number
  /** Share of the negatives that is taken for positives, in [0, 1]. */
  readonly falsePositiveRate: number
}

const task = 'compute falseNegativeRateAt'
const checks: OptionChecks<FalseNegativeRateAtOptions> = {
  positiveClass: required(checkClassIndex),
  falsePositiveRate: required(numberThat('in [0, 1]', (rate) => rate >= 0 && rate <= 1)),
}

/**
 * Share of the positives that are missed at a given false-positive rate: the figure to compare
 * models by, since each can trade misses for false alarms by its threshold alone.
 *
 * FNR = 1 - TPR of the curve of {@link rocCurve} at FPR = f, at the upper end where it rises
 * straight up. Without ties between positives and negatives that is 1 - recall of
 * {@link thresholdForFalsePositiveRate}. Such a tie is a sloping piece of the curve, and there the
 * rate lies on the straight line between its ends, as if the tie were broken by lot: a model with
 * coarse scores is compared at the same f, not at the next lower rate that one of its thresholds
 * reaches. Scores that are all equal give 1 - f. With fewer than 1 / f negatives no false positive
 * fits in: missed are the positives that do not score above every negative, but for a share f n- /
 * t of those that tie with the t highest. Fix f beforehand: the rate that one of the models happens
 * to have favours it.
 *
 * With r the highest negative that is not wholly among the floor(f n-) false positives, a negatives
 * above r and t at r: FN = |{i in P: s_i <= r}| - max(0, (f n- - a) / t) |{i in P: s_i = r}|, and
 * FNR = FN / n+. `evaluateOn` tells both at 5 and 10 %, as its `atFalsePositiveRates`.
 *
 * @param labels Class index of each sample.
 * @param scores Score of the positive class, of any range, in the order of the labels; infinite
 *   ones are allowed.
 * @param options The positive class and the false-positive rate.
 * @returns A number in [0, 1]; without positives or without negatives: NaN.
 * @throws {TypeError} If the lengths differ, something is not a number, or an option does not
 *   exist.
 * @throws {RangeError} If there is no sample, a score is NaN, a label or `positiveClass` is no
 *   class index, or `falsePositiveRate` is outside [0, 1].
 * @example
 * ```ts
 * import { falseNegativeRateAt } from 'tfjs-prune/metrics'
 *
 * const labels = [1, 1, 0, 1, 0, 0, 0, 0]
 * const at = { positiveClass: 1, falsePositiveRate: 0.2 } // one of five negatives
 * const dense = falseNegativeRateAt(labels, [8, 7, 6, 5, 4, 3, 2, 1], at)
 * const pruned = falseNegativeRateAt(labels, [8, 7, 6, 3, 5, 4, 2, 1], at)
 * if (dense !== 0 || pruned !== 1 / 3) throw new Error('the pruned model misses one of three positives')
 * ```
 */
export function falseNegativeRateAt(
  labels: NumberArray,
  scores: NumberArray,
  options: FalseNegativeRateAtOptions,
): number {
  checkOptions(options, { task, checks })
  const { positiveClass, falsePositiveRate } = options
  const sides = sortedSides(labels, scores, { task, positiveClass })
  if (falsePositiveRate < 1) return missesAt(sides, falsePositiveRate).falseNegativeRate
  return sides.positives.length > 0 && sides.negatives.length > 0 ? 0 : Number.NaN
}
