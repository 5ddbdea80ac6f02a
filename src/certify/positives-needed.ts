import { checkOptionNames } from '../internal/check-option-names.js'
import { checkNumber } from '../internal/option-checks.js'
import { samplesToProve } from '../internal/provable-rate.js'
import { checkInside } from '../internal/rate-checks.js'

/** Options of {@link positivesNeeded}. */
export interface PositivesNeededOptions {
  /** Largest false-negative rate to promise, in (0, 1). */
  readonly alpha: number
  /** Probability that the promise does not hold, in (0, 1). */
  readonly delta: number
  /** Number of rounds that are looked at, the dense one included. @default 1 */
  readonly levels?: number
}

/**
 * How many calibration samples of the positive class a certificate needs at least.
 *
 * n+ = min { n : (1 - alpha)^n <= delta / L }: with fewer even the lowest positive score is no safe
 * threshold. More positives cost fewer false positives: the threshold can then lie above some of
 * them.
 *
 * @param options The rate, the probability and the number of levels L.
 * @returns A whole number of at least 1.
 * @throws {TypeError} If an option is no number.
 * @throws {RangeError} If alpha or delta is outside (0, 1), or levels is no whole number of at
 *   least 1.
 * @see Tong, Feng, Li: Neyman-Pearson classification algorithms and NP receiver operating
 *   characteristics. Science Advances 2018.
 *
 * @example
 * ```ts
 * import { positivesNeeded } from 'tfjs-prune/certify'
 *
 * const positives = positivesNeeded({ alpha: 0.05, delta: 0.05, levels: 7 })
 * if (positives !== 97) throw new Error('97 positives for a rate of 5 % over the seven levels of the paper')
 * ```
 */
export function positivesNeeded(options: PositivesNeededOptions): number {
  const task = 'plan the positives'
  checkOptionNames(options, { task, known: ['alpha', 'delta', 'levels'] })
  const { alpha, delta, levels = 1 } = options
  checkInside(alpha, { task, name: 'alpha' })
  checkInside(delta, { task, name: 'delta' })
  checkLevels(levels, task)
  return samplesToProve(alpha, delta / levels)
}

/** Throws unless `levels` is a whole number of at least 1. */
export function checkLevels(levels: unknown, task: string): void {
  const accepts = (number: number) => Number.isSafeInteger(number) && number >= 1
  checkNumber(levels, { task, name: 'levels', wanted: 'a whole number of at least 1', accepts })
}
