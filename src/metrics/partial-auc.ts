import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { checkClassIndex } from '../internal/metric-checks.js'
import { type SortedSides, sortedSides } from '../internal/metric-sides.js'
import { checkFlag, numberThat, required } from '../internal/option-checks.js'
import type { NumberArray } from '../types.js'
import { walkThresholds } from './walk-thresholds.js'

/** Options of {@link partialAuc}: exactly one of `maximumFalsePositiveRate` and `minimumRecall`. */
export type PartialAucOptions = PartialAucOfFpr | PartialAucOfTpr

/** The options that both kinds of {@link PartialAucOptions} have. */
export interface PartialAucBase {
  /** Class that counts as positive; all others are negative. */
  readonly positiveClass: number
  /**
   * Whether the area is scaled after McClish: 1 for a perfect order, 0.5 for a random one.
   *
   * @default false
   */
  readonly standardised?: boolean
}

/** The part of the area with few false alarms. */
export interface PartialAucOfFpr extends PartialAucBase {
  /** Highest false-positive rate, in (0, 1]. */
  readonly maximumFalsePositiveRate: number
  readonly minimumRecall?: never
}

/** The part of the area with few misses. */
export interface PartialAucOfTpr extends PartialAucBase {
  /** Lowest recall, which is the true-positive rate, in [0, 1). */
  readonly minimumRecall: number
  readonly maximumFalsePositiveRate?: never
}

interface AnyPartialAuc extends PartialAucBase {
  readonly maximumFalsePositiveRate?: number
  readonly minimumRecall?: number
}

const task = 'compute partialAuc'
const checks: OptionChecks<AnyPartialAuc> = {
  positiveClass: required(checkClassIndex),
  maximumFalsePositiveRate: numberThat('in (0, 1]', (rate) => rate > 0 && rate <= 1),
  minimumRecall: numberThat('in [0, 1)', (rate) => rate >= 0 && rate < 1),
  standardised: checkFlag,
}

/**
 * Part of the area under the ROC curve: at low false-positive rates, or at high true-positive
 * rates.
 *
 * `maximumFalsePositiveRate` f: A = integral of TPR dFPR over FPR in [0, f]; `minimumRecall` r: A =
 * integral of (1 - FPR) dTPR over TPR in [r, 1], with w = 1 - r. The curve is that of
 * {@link rocCurve}, straight between its points and where it is cut. The area lies in [0, f] or [0,
 * w]; `standardised` gives (1 + (A - f^2 / 2) / (f - f^2 / 2)) / 2, likewise with w; an order worse
 * than random is below 0.5. Where misses matter most, use `minimumRecall`: {@link aucRoc} counts
 * many thresholds that nobody would use. Float64, O(n log n).
 *
 * @param labels Class index of each sample.
 * @param scores Score of the positive class, of any range, in the order of the labels; infinite
 *   ones are allowed.
 * @param options The positive class, which part, and whether the area is scaled.
 * @returns The area, as scikit-learn's `roc_auc_score` (`max_fpr`, always standardised) and pROC's
 *   `auc` (`partial.auc`, with `partial.auc.focus = "sensitivity"` for `minimumRecall`) give it;
 *   without positives or without negatives: NaN. `maximumFalsePositiveRate: 1` and
 *   `minimumRecall: 0` give {@link aucRoc}.
 * @throws {TypeError} If the lengths differ, something is not a number, not exactly one of
 *   `maximumFalsePositiveRate` and `minimumRecall` is given, `standardised` is not a boolean, or an
 *   option does not exist.
 * @throws {RangeError} If there is no sample, a score is NaN, a label or `positiveClass` is no
 *   class index, or `maximumFalsePositiveRate` or `minimumRecall` is out of range.
 * @example
 * ```ts
 * import { partialAuc } from 'tfjs-prune/metrics'
 *
 * const [labels, scores] = [[0, 1, 0, 1], [1, 2, 3, 4]]
 * const fewAlarms = partialAuc(labels, scores, { positiveClass: 1, maximumFalsePositiveRate: 0.5 })
 * if (fewAlarms !== 0.25) throw new Error('half of the positives are found there')
 * const fewMisses = partialAuc(labels, scores, { positiveClass: 1, minimumRecall: 0.5, standardised: true })
 * if (Math.abs(fewMisses - 2 / 3) > 1e-15) throw new Error('an area of 0.25; chance has 0.125, and 0.5 is perfect')
 * ```
 * @see McClish: Analyzing a portion of the ROC curve. Medical Decision Making 1989.
 */
export function partialAuc(
  labels: NumberArray,
  scores: NumberArray,
  options: PartialAucOptions,
): number {
  checkOptions<AnyPartialAuc>(options, { task, checks })
  const { positiveClass, maximumFalsePositiveRate, minimumRecall, standardised = false } = options
  if ((maximumFalsePositiveRate === undefined) === (minimumRecall === undefined)) {
    const wanted = 'exactly one of maximumFalsePositiveRate and minimumRecall'
    const got = minimumRecall === undefined ? 'neither' : 'both'
    throw new TypeError(`Cannot ${task}: expected ${wanted}, got ${got}`)
  }
  const sides = sortedSides(labels, scores, { task, positiveClass })
  const width = maximumFalsePositiveRate ?? 1 - minimumRecall!
  const area = areaUpTo(width, maximumFalsePositiveRate === undefined ? mirrored(sides) : sides)
  return standardised ? (1 + (area - width ** 2 / 2) / (width - width ** 2 / 2)) / 2 : area
}

/**
 * The integral of TPR dFPR over FPR in [0, width]. Counts are whole, so that only the last strip is
 * rounded.
 */
function areaUpTo(width: number, sides: SortedSides): number {
  const [n, m] = [sides.positives.length, sides.negatives.length]
  const cut = width * m
  let [lastTrue, lastFalse, twice] = [0, 0, 0]
  walkThresholds(sides, (_, truePositives, falsePositives) => {
    const strip = Math.min(falsePositives, cut) - lastFalse
    if (strip > 0) {
      const rise = (truePositives - lastTrue) * (strip / (falsePositives - lastFalse))
      twice += strip * (2 * lastTrue + rise)
    }
    lastTrue = truePositives
    lastFalse = falsePositives
  })
  return twice / 2 / (n * m)
}

/** Both classes and the order swapped, whose FPR is 1 - TPR and whose TPR is 1 - FPR. */
function mirrored({ positives, negatives }: SortedSides): SortedSides {
  const reversed = (scores: Float64Array) => scores.map((score) => -score).reverse()
  return { positives: reversed(negatives), negatives: reversed(positives) }
}
