import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { required } from '../internal/option-checks.js'
import { samplesToProve } from '../internal/provable-rate.js'
import { checkInside } from '../internal/rate-checks.js'
import { errorOf } from './risks.js'

/** Options of {@link negativesNeeded}. */
export interface NegativesNeededOptions {
  /** beta: largest false-positive rate to promise, in (0, 1). */
  readonly maximumFalsePositiveRate: number
  /** Probability that the promise holds, in (0, 1); delta is 1 - confidence. */
  readonly confidence: number
}

const task = 'plan the negatives'
const checks: OptionChecks<NegativesNeededOptions> = {
  maximumFalsePositiveRate: required(checkInside),
  confidence: required(checkInside),
}

/**
 * How many calibration samples of the other classes a certificate needs at least.
 *
 * n- = min { n : (1 - beta)^n <= delta }: with fewer not even a round without any false positive
 * can pass. The number of levels does not matter: they are tested in a fixed order until the first
 * failure. Sibling of `positivesNeeded`.
 *
 * @param options The rate and the probability.
 * @returns A whole number of at least 1.
 * @throws {TypeError} If an option is no number.
 * @throws {RangeError} If an option is outside (0, 1).
 *
 * @example
 * ```ts
 * import { negativesNeeded } from 'tfjs-prune/certify'
 *
 * if (negativesNeeded({ maximumFalsePositiveRate: 0.1, confidence: 0.95 }) !== 29) throw new Error('29 negatives')
 * ```
 */
export function negativesNeeded(options: NegativesNeededOptions): number {
  checkOptions(options, { task, checks })
  const { maximumFalsePositiveRate: beta, confidence } = options
  const delta = errorOf(confidence)
  return samplesToProve(beta, delta)
}
