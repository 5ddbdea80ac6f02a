import { checkOptionNames } from '../internal/check-option-names.js'
import { samplesToProve } from '../internal/provable-rate.js'
import { checkInside } from '../internal/rate-checks.js'

/** Options of {@link negativesNeeded}. */
export interface NegativesNeededOptions {
  /** Largest false-positive rate to promise, in (0, 1). */
  readonly beta: number
  /** Probability that the promise does not hold, in (0, 1). */
  readonly delta: number
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
 * @throws {RangeError} If beta or delta is outside (0, 1).
 *
 * @example
 * ```ts
 * import { negativesNeeded } from 'tfjs-prune/certify'
 *
 * if (negativesNeeded({ beta: 0.1, delta: 0.05 }) !== 29) throw new Error('29 negatives')
 * ```
 */
export function negativesNeeded(options: NegativesNeededOptions): number {
  const task = 'plan the negatives'
  checkOptionNames(options, { task, known: ['beta', 'delta'] })
  const { beta, delta } = options
  checkInside(beta, { task, name: 'beta' })
  checkInside(delta, { task, name: 'delta' })
  return samplesToProve(beta, delta)
}
