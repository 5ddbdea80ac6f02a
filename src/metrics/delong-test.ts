import { checkOptions } from '../internal/check-options.js'
import { sortedSides } from '../internal/metric-sides.js'
import { countBelow, countUpTo, sumAndVarianceOfMean } from '../internal/mid-ranks.js'
import { normalCdf } from '../internal/normal.js'
import type { NumberArray } from '../types.js'
import { positiveClassChecks } from './positive-class-checks.js'

/** Options of {@link delongTest}. */
export interface DelongTestOptions {
  /** Class that counts as positive; all others are negative. */
  readonly positiveClass: number
}

/** The answer of {@link delongTest}. */
export interface DelongTest {
  /** AUC of the first scores minus AUC of the second. */
  readonly difference: number
  /** Standard error of the difference between two areas on the same samples. */
  readonly standardError: number
  /** difference / standardError. */
  readonly z: number
  /** p of the two-sided test that the true areas are equal. */
  readonly pValue: number
}

const task = 'compute delongTest'

/**
 * DeLong's paired test: do two scores of the same samples have the same area under the ROC curve?
 * In O(n log n).
 *
 * z = (AUC_1 - AUC_2) / SE, with SE^2 the variance of `delongInterval` of the differences of
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
  checkOptions(options, { task, checks: positiveClassChecks })
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
  const sorted = sortedSides(labels, scores, { task, positiveClass })
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
