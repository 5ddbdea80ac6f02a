import { logBinomial, sumAbove, sumBelow } from '../internal/binomial.js'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
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
  if (trials === 0) return { lower: Number.NaN, upper: Number.NaN }
  const error = side === 'both' ? (1 - confidence) / 2 : 1 - confidence
  return {
    lower: side === 'upper' ? 0 : lowerBound(successes, trials, error),
    upper: side === 'lower' ? 1 : upperBound(successes, trials, error),
  }
}

function lowerBound(k: number, n: number, error: number): number {
  if (k === 0) return 0
  if (k === n) return Math.exp(Math.log(error) / n)
  return solve(k, n, (p) => {
    const ratio = sumAbove(k, n, p)
    return {
      excess: logBinomial(k, n, p) + Math.log(ratio) - Math.log(error),
      slope: (k * (1 - p)) / ratio,
    }
  })
}

function upperBound(k: number, n: number, error: number): number {
  if (k === n) return 1
  if (k === 0) return -Math.expm1(Math.log(error) / n)
  return solve(k, n, (p) => {
    const ratio = sumBelow(k, n, p)
    return {
      excess: logBinomial(k, n, p) + Math.log(ratio) - Math.log(error),
      slope: -((n - k) * p) / ratio,
    }
  })
}

/**
 * Newton's method from the observed rate, in the log-odds of p. The logarithm of a binomial tail is
 * concave there, so that every step but the first comes nearer from one side.
 */
function solve(
  k: number,
  n: number,
  tail: (p: number) => { excess: number; slope: number },
): number {
  let logit = Math.log(k / (n - k))
  for (let i = 0; i < 100; i++) {
    const { excess, slope } = tail(1 / (1 + Math.exp(-logit)))
    const step = excess / slope
    logit = Math.min(logit - step, 36) // beyond that, p is 1
    if (Math.abs(step) < 1e-8) break // the error is about its square
  }
  return 1 / (1 + Math.exp(-logit))
}
