import { checkOptionNames } from '../internal/check-option-names.js'
import { sortedSides } from '../internal/metric-sides.js'
import { countBelow, countUpTo, placements, sumAndVarianceOfMean } from '../internal/mid-ranks.js'
import { normalCdf, normalQuantile } from '../internal/normal.js'
import { checkInside } from '../internal/rate-checks.js'
import type { Interval, NumberArray } from '../types.js'

/** Options of {@link delongTest}. */
export interface DelongTestOptions {
  /** Class that counts as positive; all others are negative. */
  readonly positiveClass: number
}

/** Options of {@link delongInterval}. */
export interface DelongIntervalOptions extends DelongTestOptions {
  /**
   * Probability that the interval holds the true area, between 0 and 1.
   *
   * @default 0.95
   */
  readonly confidence?: number
}

/** What {@link delongInterval} gives. */
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

/** What {@link delongTest} gives. */
export interface DelongTest {
  /** AUC of the first scores minus AUC of the second. */
  readonly difference: number
  /** Of the difference, both areas being of the same samples. */
  readonly standardError: number
  /** difference / standardError. */
  readonly z: number
  /** Of the two-sided test that the true areas are equal. */
  readonly pValue: number
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
  const task = 'compute delongInterval'
  checkOptionNames(options, { task, known: ['positiveClass', 'confidence'] })
  const { positiveClass, confidence = 0.95 } = options
  checkInside(confidence, { task, name: 'confidence' })
  const { positives, negatives } = sortedSides(labels, scores, { task, positiveClass })
  const [n, m] = [positives.length, negatives.length]
  const wins = sumAndVarianceOfMean(placements(positives, negatives))
  const losses = sumAndVarianceOfMean(placements(negatives, positives))
  const auc = wins.sum / 2 / (n * m)
  const variance = wins.varianceOfMean / (2 * m) ** 2 + losses.varianceOfMean / (2 * n) ** 2
  const error = 1 - confidence
  const interval =
    variance > 0 ? logitInterval(auc, variance, error) : pairsInterval(auc, Math.min(n, m), error)
  return { auc, variance, interval, positives: n, negatives: m }
}

/**
 * DeLong's paired test: do two scores of the same samples have the same area under the ROC curve?
 * In O(n log n).
 *
 * z = (AUC_1 - AUC_2) / SE, with SE^2 the variance of {@link delongInterval} of the differences of
 * both scores' V_i and V_j; p = 2 Phi(-|z|). A large p is no proof of equal areas: look at the
 * standard error.
 *
 * @param labels Class index of each sample.
 * @param first Score of the positive class by the one model, in the order of the labels.
 * @param second Score of the positive class by the other model, likewise.
 * @param options The positive class.
 * @returns Difference, standard error, z and p. Without positives or negatives all are NaN; with
 *   one sample on a side all but the difference. Where the standard error is 0, equal areas give z
 *   = 0 and p = 1, others NaN for both: such samples cannot tell how far the difference would vary.
 * @throws {TypeError} If the lengths differ, or something is not a number.
 * @throws {RangeError} If there is no sample, a score is NaN, or a label or `positiveClass` is no
 *   class index.
 * @example
 * ```ts
 * import { delongTest } from 'tfjs-prune/metrics'
 *
 * const labels = [0, 0, 0, 1, 1, 1]
 * const { difference, pValue } = delongTest(labels, [1, 2, 4, 3, 5, 6], [4, 1, 5, 3, 2, 6], { positiveClass: 1 })
 * if (Math.abs(difference - 3 / 9) > 1e-12) throw new Error('eight pairs of nine in order against five')
 * if (pValue < 0.05) throw new Error('six samples prove little')
 * ```
 * @see DeLong, DeLong, Clarke-Pearson: Comparing the areas under two or more correlated receiver
 *   operating characteristic curves. Biometrics 1988.
 */
export function delongTest(
  labels: NumberArray,
  first: NumberArray,
  second: NumberArray,
  options: DelongTestOptions,
): DelongTest {
  checkOptionNames(options, { task: 'compute delongTest', known: ['positiveClass'] })
  const { positiveClass } = options
  const one = componentsOf(labels, first, positiveClass)
  const other = componentsOf(labels, second, positiveClass)
  const [n, m] = [one.positives.length, one.negatives.length]
  const wins = sumAndVarianceOfMean(one.positives.map((value, i) => value - other.positives[i]!))
  const losses = sumAndVarianceOfMean(one.negatives.map((value, j) => value - other.negatives[j]!))
  const difference = wins.sum / 2 / (n * m)
  const standardError = Math.sqrt(
    wins.varianceOfMean / (2 * m) ** 2 + losses.varianceOfMean / (2 * n) ** 2,
  )
  const equal = difference === 0 && standardError === 0
  const z = equal ? 0 : standardError > 0 ? difference / standardError : Number.NaN
  return { difference, standardError, z, pValue: 2 * normalCdf(-Math.abs(z)) }
}

/**
 * Twice the placement of every sample among the other side, each side in the order of the labels.
 */
function componentsOf(labels: NumberArray, scores: NumberArray, positiveClass: number) {
  const sorted = sortedSides(labels, scores, { task: 'compute delongTest', positiveClass })
  const positives = new Float64Array(sorted.positives.length)
  const negatives = new Float64Array(sorted.negatives.length)
  let [i, j] = [0, 0]
  for (let sample = 0; sample < labels.length; sample++) {
    const score = scores[sample]!
    const isPositive = labels[sample] === positiveClass
    const others = isPositive ? sorted.negatives : sorted.positives
    const placement = countBelow(others, score) + countUpTo(others, score)
    if (isPositive) positives[i++] = placement
    else negatives[j++] = placement
  }
  return { positives, negatives }
}

function logitInterval(auc: number, variance: number, error: number): Interval {
  const logit = Math.log(auc / (1 - auc))
  const reach = (-normalQuantile(error / 2) * Math.sqrt(variance)) / (auc * (1 - auc))
  return { lower: 1 / (1 + Math.exp(reach - logit)), upper: 1 / (1 + Math.exp(-reach - logit)) }
}

/** Needs no variance: what `pairs` independent pairs show. */
function pairsInterval(auc: number, pairs: number, error: number): Interval {
  if (Number.isNaN(auc)) return { lower: Number.NaN, upper: Number.NaN }
  const least = (error / 2) ** (1 / pairs)
  if (auc === 1) return { lower: least, upper: 1 }
  if (auc === 0) return { lower: 0, upper: 1 - least }
  const reach = Math.sqrt(Math.log(2 / error) / (2 * pairs))
  return { lower: Math.max(0, auc - reach), upper: Math.min(1, auc + reach) }
}
