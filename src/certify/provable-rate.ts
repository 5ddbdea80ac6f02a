import { checkOptionNames } from '../internal/check-option-names.js'
import { checkIndex } from '../internal/option-checks.js'
import { smallestProvableRate } from '../internal/provable-rate.js'
import { checkInside } from '../internal/rate-checks.js'
import { checkLevels } from './positives-needed.js'

/** Options of {@link provableRate}. */
export interface ProvableRateOptions {
  /** Calibration samples of the positive class, a whole number of at least 0. */
  readonly positives: number
  /** Probability that the promise does not hold, in (0, 1). */
  readonly delta: number
  /** Number of rounds that are looked at, the dense one included. @default 1 */
  readonly levels?: number
}

/**
 * The smallest false-negative rate that so many positives can prove, if none of them is missed:
 * what `positivesNeeded` says, read the other way.
 *
 * alpha = 1 - (delta / L)^(1 / n+)
 *
 * @param options The number of positives, the probability and the number of levels L.
 * @returns A rate in (0, 1]; without positives: 1, which promises nothing.
 * @throws {TypeError} If an option is no number, or does not exist.
 * @throws {RangeError} If delta is outside (0, 1), or a number is not whole or too low.
 *
 * @example
 * ```ts
 * import { provableRate } from 'tfjs-prune/certify'
 *
 * const alpha = provableRate({ positives: 27, delta: 0.05, levels: 7 })
 * if (alpha.toFixed(3) !== '0.167') throw new Error('27 positives prove 16.7 % over seven levels at best')
 * ```
 */
export function provableRate(options: ProvableRateOptions): number {
  const task = 'plan the rate'
  checkOptionNames(options, { task, known: ['positives', 'delta', 'levels'] })
  const { positives, delta, levels = 1 } = options
  checkIndex(positives, { task, name: 'positives' })
  checkInside(delta, { task, name: 'delta' })
  checkLevels(levels, task)
  return smallestProvableRate(positives, delta / levels)
}
