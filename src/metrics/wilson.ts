import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { normalQuantile } from '../internal/normal.js'
import { oneOf } from '../internal/option-checks.js'
import { checkInside, checkTrials } from '../internal/rate-checks.js'
import type { Interval } from '../types.js'
import type { ClopperPearsonOptions } from './clopper-pearson.js'

/** Options of {@link wilson}: confidence and side. */
export type WilsonOptions = ClopperPearsonOptions

const task = 'compute wilson'
const checks: OptionChecks<WilsonOptions> = {
  confidence: checkInside,
  side: oneOf('both', 'lower', 'upper'),
}

/**
 * Approximate interval of a rate, after Wilson: right on average, also for few samples and rates
 * near 0 or 1.
 *
 * (r + z^2 / 2n -+ z sqrt(r (1 - r) / n + z^2 / 4n^2)) / (1 + z^2 / n), with r = successes / n and
 * z the normal quantile of 1 - (1 - confidence) / 2 for two bounds, of `confidence` for one. For
 * some rates it holds the truth less often than it says: where a promise depends on it, take
 * {@link clopperPearson}.
 *
 * @param successes Number of samples that count, such as misses: a whole number of at least 0.
 * @param trials Number of samples n, such as positives.
 * @param options Confidence and side.
 * @returns Both bounds in [0, 1]; no trials: both NaN.
 * @throws {TypeError} If something is not a number.
 * @throws {RangeError} If a count is not whole, `successes` is above `trials`, `confidence` is not
 *   between 0 and 1, or `side` is unknown.
 * @example
 * ```ts
 * import { clopperPearson, wilson } from 'tfjs-prune/metrics'
 *
 * const [approximate, exact] = [wilson(7, 76), clopperPearson(7, 76)]
 * if (!(approximate.upper < exact.upper)) throw new Error('the exact interval is the longer one')
 * ```
 * @see Wilson: Probable inference, the law of succession, and statistical inference. JASA 1927.
 */
export function wilson(successes: number, trials: number, options: WilsonOptions = {}): Interval {
  checkOptions(options, { task, checks })
  const { confidence = 0.95, side = 'both' } = options
  checkTrials(successes, trials, task)
  if (trials === 0) return { lower: Number.NaN, upper: Number.NaN }
  const z = -normalQuantile(side === 'both' ? (1 - confidence) / 2 : 1 - confidence)
  return {
    lower: side === 'upper' ? 0 : bound(successes, trials, -z),
    upper: side === 'lower' ? 1 : bound(successes, trials, z),
  }
}

/**
 * The lower root for z < 0, the upper one for z > 0; their product is r^2 / (1 + z^2 / n), so that
 * none cancels.
 */
function bound(successes: number, trials: number, z: number): number {
  const rate = successes / trials
  const square = (z * z) / trials
  const root = Math.sqrt(square * (rate * (1 - rate) + square / 4))
  const far = rate + square / 2 + root
  if (z < 0) return rate === 0 ? 0 : (rate * rate) / far
  return Math.min(1, far / (1 + square))
}
