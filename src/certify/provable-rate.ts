import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { checkIndex, required } from '../internal/option-checks.js'
import { smallestProvableRate } from '../internal/provable-rate.js'
import { checkInside } from '../internal/rate-checks.js'
import { checkLevels } from './check-levels.js'
import { checkLevelMethod, type LevelMethod } from './method.js'
import { errorOf } from './risks.js'

/** Options of {@link provableRate}. */
export interface ProvableRateOptions {
  /** Calibration samples of the positive class, a whole number of at least 0. */
  readonly positives: number
  /** Probability that the promise holds, in (0, 1); delta is 1 - confidence. */
  readonly confidence: number
  /** Number of rounds that are looked at, the dense one included. @default 1 */
  readonly levels?: number
  /** As in `certify`: with `fixed-sequence` levels cost nothing. @default 'bonferroni' */
  readonly method?: LevelMethod
}

const task = 'plan the rate'
const checks: OptionChecks<ProvableRateOptions> = {
  positives: required(checkIndex),
  confidence: required(checkInside),
  levels: checkLevels,
  method: checkLevelMethod,
}

/**
 * The smallest false-negative rate that so many positives can prove, if none of them is missed:
 * the inverse of `positivesNeeded`.
 *
 * rate = 1 - (delta / L)^(1 / n+); with `fixed-sequence` L counts as 1.
 *
 * @param options The number of positives, the probability and the number of levels L.
 * @returns A rate in (0, 1]; without positives: 1, which promises nothing.
 * @throws {TypeError} If an option is no number, or does not exist.
 * @throws {RangeError} If `confidence` is outside (0, 1), or a number is not whole or too low.
 *
 * @example
 * ```ts
 * import { provableRate } from 'tfjs-prune/certify'
 *
 * const rate = provableRate({ positives: 27, confidence: 0.95, levels: 7 })
 * if (rate.toFixed(3) !== '0.167') throw new Error('27 positives prove 16.7 % over seven levels at best')
 * ```
 */
export function provableRate(options: ProvableRateOptions): number {
  checkOptions(options, { task, checks })
  const { positives, confidence, levels = 1, method = 'bonferroni' } = options
  const delta = errorOf(confidence) / (method === 'bonferroni' ? levels : 1)
  return smallestProvableRate(positives, delta)
}
