import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { oneOf } from '../internal/option-checks.js'
import type { NumberArray } from '../types.js'
import { checkPairs } from './check-pairs.js'
import { exactTail, MOST_EXACT_PAIRS, normalTail } from './signed-rank-tails.js'
import { differencesOf, signedRanks } from './signed-ranks.js'

/** Options of {@link wilcoxonSignedRank}. */
export interface WilcoxonSignedRankOptions {
  /**
   * The claim that a small p supports: the values differ, the first are higher (`greater`),
   * or lower (`less`).
   *
   * @default 'two-sided'
   */
  readonly alternative?: 'two-sided' | 'greater' | 'less'
}

/** The answer of {@link wilcoxonSignedRank}. */
export interface WilcoxonSignedRank {
  /** Sum of the ranks of the pairs whose first value is higher, W+. */
  readonly positiveRanks: number
  /** Sum of the ranks of the pairs whose first value is lower, W-. */
  readonly negativeRanks: number
  /** Pairs that differ: those that count. */
  readonly pairs: number
  /** Pairs of equal values, left out. */
  readonly equalPairs: number
  /** The p-value, in (0, 1]; no pair differs: 1. */
  readonly pValue: number
  /** The p-value comes from the exact distribution: up to 200 pairs that differ. */
  readonly exact: boolean
}

const task = 'compute wilcoxonSignedRank'
const checks: OptionChecks<WilcoxonSignedRankOptions> = {
  alternative: oneOf('two-sided', 'greater', 'less'),
}

/**
 * Wilcoxon's signed-rank test of paired values, such as the AUC of two methods under the same
 * seeds.
 *
 * W+ = sum of rank(|first - second|) where first > second. If the methods were alike, each
 * difference could as well have the other sign: greater is P(W >= W+), less is P(W <= W+) over all
 * 2^n choices of signs, and two-sided is twice the smaller one, at most 1. Pairs of equal values
 * are left out, as Wilcoxon did. Differences that tie share their mean rank, and the distribution
 * is exact for the tied ranks too. Values are equal, and differences tie, where rounding alone keeps
 * them apart: 0.3 - 0.2 ties with 0.2 - 0.1. Above 200 pairs: the normal approximation,
 * its variance corrected for ties; in a case of 201 pairs and p below 0.02 it is 1.2 % off. O(n^3)
 * up to 200 pairs, O(n log n) above.
 *
 * With n pairs no two-sided p is below 2^(1 - n): 5 seeds cannot reach 0.05.
 *
 * @param first Finite values of the first method, one per seed.
 * @param second Finite values of the second method, in the same order.
 * @param options The alternative.
 * @returns Both rank sums, the number of pairs, and the p-value.
 * @throws {TypeError} If the lengths differ, or something is not a number.
 * @throws {RangeError} If there is no pair, a value is not finite, or `alternative` is unknown.
 * @example
 * ```ts
 * import { wilcoxonSignedRank } from 'tfjs-prune/metrics'
 *
 * const { pValue } = wilcoxonSignedRank([0.93, 0.95, 0.91, 0.94, 0.96], [0.9, 0.93, 0.9, 0.89, 0.92])
 * if (Math.abs(pValue - 2 / 2 ** 5) > 1e-12) throw new Error('five seeds of five')
 * ```
 * @see Wilcoxon: Individual comparisons by ranking methods. Biometrics Bulletin 1945.
 */
export function wilcoxonSignedRank(
  first: NumberArray,
  second: NumberArray,
  options: WilcoxonSignedRankOptions = {},
): WilcoxonSignedRank {
  checkOptions(options, { task, checks })
  const { alternative = 'two-sided' } = options
  checkPairs(first, second, task)
  const differences = differencesOf(first, second).filter(({ value }) => value !== 0)
  const { doubled, positive, negative } = signedRanks(differences)
  const exact = doubled.length <= MOST_EXACT_PAIRS
  const atLeast = exact ? exactTail(doubled) : normalTail(doubled)
  const [greater, less] = [atLeast(positive), atLeast(negative)] // W has the same distribution as total - W
  const tails = { greater, less, 'two-sided': Math.min(1, 2 * Math.min(greater, less)) }
  return {
    positiveRanks: positive / 2,
    negativeRanks: negative / 2,
    pairs: doubled.length,
    equalPairs: first.length - doubled.length,
    pValue: tails[alternative],
    exact,
  }
}
