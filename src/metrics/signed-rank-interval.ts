import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { normalQuantile } from '../internal/normal.js'
import { checkFraction } from '../internal/option-checks.js'
import type { Interval, NumberArray } from '../types.js'
import { checkPairs } from './check-pairs.js'
import { exactTail, MOST_EXACT_PAIRS } from './signed-rank-tails.js'

/** Options of {@link signedRankInterval}. */
export interface SignedRankIntervalOptions {
  /** Probability that the interval holds the difference, in (0, 1). @default 0.95 */
  readonly confidence?: number
}

/** The answer of {@link signedRankInterval}. */
export interface SignedRankInterval extends Interval {
  /** The difference that lies in the middle of all Walsh averages. */
  readonly medianDifference: number
  /** Number of pairs. */
  readonly pairs: number
}

/** Pairs of which all means fit in memory, 100 MB. */
const MOST_PAIRS = 5000

const task = 'compute signedRankInterval'
const checks: OptionChecks<SignedRankIntervalOptions> = { confidence: checkFraction }

/**
 * By how much paired values differ, such as the AUC of two methods under the same seeds: the
 * median difference of Hodges and Lehmann, and the interval that belongs to
 * {@link wilcoxonSignedRank}.
 *
 * With d_i = first_i - second_i and the n (n + 1) / 2 Walsh averages (d_i + d_j) / 2, i <= j, in
 * ascending order A_1 <= ... <= A_m: the difference is their median, the interval is
 * [A_k, A_(m + 1 - k)] with the largest k such that P(W <= k - 1) <= (1 - confidence) / 2 under the
 * exact distribution of the signed-rank statistic, or the normal one above 200 pairs. It holds
 * every shift that the test does not refuse. It assumes that the differences lie evenly around
 * their middle, and nothing else; equal ones and zeros make it hold more often than promised. The
 * middle of the differences alone may be another number.
 *
 * Few pairs promise little: below 6 no interval has 95 %, and it is (-Infinity, Infinity).
 * O(n^2 log n).
 *
 * @param first Finite values of the first method, one per seed.
 * @param second Finite values of the second method, in the same order.
 * @param options The confidence.
 * @returns The median difference, above 0 where the first values are higher, with its interval, in
 *   units of the values.
 * @throws {TypeError} If the lengths differ, or something is not a number.
 * @throws {RangeError} If there is no pair or more than 5,000, a value is not finite, or
 *   `confidence` is outside (0, 1).
 * @example
 * ```ts
 * import { signedRankInterval } from 'tfjs-prune/metrics'
 *
 * const found = signedRankInterval([5, 7, 9, 11, 13, 16], [4, 5, 6, 7, 8, 10])
 * if (found.medianDifference !== 3.5) throw new Error('1 to 6')
 * if (found.lower !== 1 || found.upper !== 6) throw new Error('six pairs: from the least to the most')
 * ```
 * @see Hodges, Lehmann: Estimates of location based on rank tests. Annals of Mathematical
 *   Statistics 1963. Hollander, Wolfe, Chicken: Nonparametric statistical methods. 3rd edition,
 *   2014, section 3.3.
 */
export function signedRankInterval(
  first: NumberArray,
  second: NumberArray,
  options: SignedRankIntervalOptions = {},
): SignedRankInterval {
  checkOptions(options, { task, checks })
  const { confidence = 0.95 } = options
  checkPairs(first, second, task)
  if (first.length > MOST_PAIRS)
    throw new RangeError(
      `Cannot ${task}: expected at most ${MOST_PAIRS} pairs, got ${first.length}`,
    )
  const averages = walshAverages(Float64Array.from(first, (value, i) => value - second[i]!))
  const middle = averages.length / 2
  const rank = leastRank(first.length, (1 - confidence) / 2)
  return {
    medianDifference: (averages[Math.ceil(middle) - 1]! + averages[Math.floor(middle)]!) / 2,
    lower: averages[rank - 1] ?? Number.NEGATIVE_INFINITY,
    upper: averages[averages.length - rank] ?? Number.POSITIVE_INFINITY,
    pairs: first.length,
  }
}

/** The means of all pairs of differences, each with itself too, in ascending order. */
function walshAverages(differences: Float64Array): Float64Array {
  const n = differences.length
  const averages = new Float64Array((n * (n + 1)) / 2)
  let next = 0
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) averages[next++] = (differences[i]! + differences[j]!) / 2
  }
  return averages.sort()
}

/** The largest k with P(W <= k - 1) <= error among n pairs; 0 for none. */
function leastRank(n: number, error: number): number {
  const sums = (n * (n + 1)) / 2
  if (n > MOST_EXACT_PAIRS) {
    const deviation = Math.sqrt((sums * (2 * n + 1)) / 12)
    return Math.floor(sums / 2 + normalQuantile(error) * deviation + 0.5)
  }
  const atLeast = exactTail(Int32Array.from({ length: n }, (_, i) => 2 * (i + 1)))
  let [low, high] = [0, Math.ceil(sums / 2)] // P(W <= k) = P(W >= sums - k) rises with k
  while (low < high) {
    const k = Math.floor((low + high) / 2)
    if (atLeast(2 * (sums - k)) <= error) low = k + 1
    else high = k
  }
  return low
}
