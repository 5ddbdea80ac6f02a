import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { required } from '../internal/option-checks.js'
import { samplesToProve } from '../internal/provable-rate.js'
import { checkInside } from '../internal/rate-checks.js'
import { checkLevels } from './check-levels.js'
import { checkLevelMethod, type LevelMethod } from './method.js'
import { errorOf } from './risks.js'

/** Options of {@link positivesNeeded}. */
export interface PositivesNeededOptions {
  /** alpha: largest false-negative rate to promise, in (0, 1). */
  readonly maximumFalseNegativeRate: number
  /** Probability that the promise holds, in (0, 1); delta is 1 - confidence. */
  readonly confidence: number
  /** Number of rounds that are looked at, the dense one included. @default 1 */
  readonly levels?: number
  /** As in `certify`: with `fixed-sequence` levels cost nothing. @default 'bonferroni' */
  readonly method?: LevelMethod
}

const task = 'plan the positives'
const checks: OptionChecks<PositivesNeededOptions> = {
  maximumFalseNegativeRate: required(checkInside),
  confidence: required(checkInside),
  levels: checkLevels,
  method: checkLevelMethod,
}

/**
 * How many calibration samples of the positive class a certificate needs at least.
 *
 * n+ = min { n : (1 - alpha)^n <= delta / L }: with fewer even the lowest positive score is no safe
 * threshold. With `fixed-sequence` L counts as 1, and the tuning samples come on top. With the
 * least number not one positive may be missed; `chanceToPass` says how likely that is.
 *
 * @param options The rate, the probability and the number of levels L.
 * @returns A whole number of at least 1.
 * @throws {TypeError} If an option is no number.
 * @throws {RangeError} If a rate or `confidence` is outside (0, 1), or `levels` is no whole number
 *   of at least 1.
 * @see Tong, Feng, Li: Neyman-Pearson classification algorithms and NP receiver operating
 *   characteristics. Science Advances 2018.
 *
 * @example
 * ```ts
 * import { positivesNeeded } from 'tfjs-prune/certify'
 *
 * const positives = positivesNeeded({ maximumFalseNegativeRate: 0.05, confidence: 0.95, levels: 7 })
 * if (positives !== 97) throw new Error('97 positives for a rate of 5 % over the seven levels of the paper')
 * ```
 */
export function positivesNeeded(options: PositivesNeededOptions): number {
  checkOptions(options, { task, checks })
  const { maximumFalseNegativeRate: alpha, confidence, levels = 1, method = 'bonferroni' } = options
  const delta = errorOf(confidence) / (method === 'bonferroni' ? levels : 1)
  return samplesToProve(alpha, delta)
}
