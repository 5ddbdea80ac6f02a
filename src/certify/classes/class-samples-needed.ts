import { checkOptions, type OptionChecks } from '../../internal/check-options.js'
import { required } from '../../internal/option-checks.js'
import { samplesToProve } from '../../internal/provable-rate.js'
import { checkInside } from '../../internal/rate-checks.js'
import { errorOf } from '../risks.js'
import { type ClassLimits, checkLimits, limitedClasses } from './class-limits.js'

/** Options of {@link classSamplesNeeded}. */
export interface ClassSamplesNeededOptions {
  /** Largest rate of misses by class, each in (0, 1). */
  readonly maximumFalseNegativeRates: ClassLimits
  /** Probability that all limits are kept, in (0, 1); delta is 1 - confidence. */
  readonly confidence: number
}

const task = 'plan the samples'
const checks: OptionChecks<ClassSamplesNeededOptions> = {
  maximumFalseNegativeRates: required(checkLimits),
  confidence: required(checkInside),
}

/**
 * How many calibration samples of each limited class `certifyClasses` needs at least.
 *
 * n_k = min { n : (1 - limit_k)^n <= delta }. Neither the number of levels nor that of the classes
 * matters: levels are tested in a fixed order until the first failure, and a round passes only if
 * all its classes do. With so few none may be missed; twice as many allow some misses.
 *
 * @param options The limits and the confidence.
 * @returns Whole numbers by class.
 * @throws {TypeError} If an option is of the wrong type.
 * @throws {RangeError} If a rate or `confidence` is outside (0, 1), or there is no class.
 *
 * @example
 * ```ts
 * import { classSamplesNeeded } from 'tfjs-prune/certify'
 *
 * const needed = classSamplesNeeded({ maximumFalseNegativeRates: { 3: 0.05, 8: 0.02 }, confidence: 0.95 })
 * if (needed[3] !== 59 || needed[8] !== 149) throw new Error('59 of class 3, 149 of class 8')
 * ```
 */
export function classSamplesNeeded(options: ClassSamplesNeededOptions): Record<number, number> {
  checkOptions(options, { task, checks })
  const { maximumFalseNegativeRates: limits, confidence } = options
  const needed = limitedClasses(limits).map((index) => {
    return [index, samplesToProve(limits[index]!, errorOf(confidence))]
  })
  return Object.fromEntries(needed)
}
