import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { exactInterval } from '../internal/exact-interval.js'
import { oneOf } from '../internal/option-checks.js'
import { checkInside, checkTrials } from '../internal/rate-checks.js'
import type { Interval } from '../types.js'

/** Options of {@link clopperPearson}. */
export interface ClopperPearsonOptions {
  /**
   * Probability that the interval holds the true rate, between 0 and 1.
   *
   * @default 0.95
   */
  readonly confidence?: number
  /**
   * An interval of two bounds, each with half of the error; or one bound with all of it, the other
   * being 0 or 1.
   *
   * @default 'both'
   */
  readonly side?: 'both' | 'lower' | 'upper'
}

const task = 'compute clopperPearson'
const checks: OptionChecks<ClopperPearsonOptions> = {
  confidence: checkInside,
  side: oneOf('both', 'lower', 'upper'),
}

/**
 * Exact interval of a rate, after Clopper and Pearson: it holds the true rate at least as often as
 * it says.
 *
 * lower: P(Bin(n, lower) >= k) = a, upper: P(Bin(n, upper) <= k) = a, with a = (1 - confidence) / 2
 * for two bounds and 1 - confidence for one. {@link wilson} is shorter, and right on average only.
 *
 * @param successes Number of samples that count, such as misses: a whole number k, 0 <= k <= n.
 * @param trials Number of samples n, such as positives.
 * @param options Confidence and side.
 * @returns Both bounds in [0, 1]; no trials: both NaN.
 * @throws {TypeError} If something is not a number.
 * @throws {RangeError} If a count is not whole, `successes` is above `trials`, `confidence` is not
 *   between 0 and 1, or `side` is unknown.
 * @example
 * ```ts
 * import { clopperPearson } from 'tfjs-prune/metrics'
 *
 * const { upper } = clopperPearson(0, 59, { side: 'upper' }) // no positive of 59 is missed
 * if (!(upper > 0.049 && upper < 0.05)) throw new Error('fewer than 5 % are missed, says the bound')
 * ```
 * @see Clopper, Pearson: The use of confidence or fiducial limits illustrated in the case of the
 *   binomial. Biometrika 1934.
 */
export function clopperPearson(
  successes: number,
  trials: number,
  options: ClopperPearsonOptions = {},
): Interval {
  checkOptions(options, { task, checks })
  const { confidence = 0.95, side = 'both' } = options
  checkTrials(successes, trials, task)
  const error = side === 'both' ? (1 - confidence) / 2 : 1 - confidence
  const interval = exactInterval(successes, trials, error)
  if (trials === 0) return interval
  if (side === 'upper') return { ...interval, lower: 0 }
  return side === 'lower' ? { ...interval, upper: 1 } : interval
}
