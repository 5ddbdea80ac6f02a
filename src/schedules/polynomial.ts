import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { checkPositive, numberThat, required } from '../internal/option-checks.js'
import type { Schedule } from '../types.js'
import { withRounds } from './with-rounds.js'

/** Options of {@link polynomial}. */
export interface PolynomialOptions {
  /** Density of the last round, in (0, 1). */
  readonly finalDensity: number
  /** Number of rounds, the dense one included; at least 2. */
  readonly rounds: number
  /** Exponent, above 0: 3 is the cubic schedule of the paper, 1 is linear. @default 3 */
  readonly power?: number
}

const isCount = (rounds: number) => Number.isInteger(rounds) && rounds >= 2

const checks: OptionChecks<PolynomialOptions> = {
  finalDensity: required(numberThat('in (0, 1)', (final) => final > 0 && final < 1)),
  rounds: required(numberThat('a whole number of at least 2', isCount)),
  power: checkPositive,
}

/**
 * Prunes much at first and little at the end: density = finalDensity + (1 - finalDensity) (1 -
 * round / (rounds - 1))^power.
 *
 * @param options Last density, number of rounds and exponent.
 * @returns A schedule from 1 down to `finalDensity`.
 * @throws {TypeError} If an option is unknown or no number.
 * @throws {RangeError} If `finalDensity` is outside (0, 1), `rounds` below 2 or `power` not above
 *   0.
 * @see Zhu and Gupta 2017, To prune, or not to prune, arXiv 1710.01878, equation 1.
 *
 * @example
 * ```ts
 * import { polynomial } from 'tfjs-prune'
 *
 * const schedule = polynomial({ finalDensity: 0.1, rounds: 4 })
 * if (schedule(0) !== 1 || schedule(3) !== 0.1) throw new Error('from the dense network to a tenth')
 * ```
 */
export function polynomial(options: PolynomialOptions): Schedule {
  checkOptions(options, { task: 'make a polynomial schedule', checks })
  const { finalDensity, rounds, power = 3 } = options
  return withRounds(
    (round) => finalDensity + (1 - finalDensity) * (1 - Math.min(round / (rounds - 1), 1)) ** power,
    rounds,
  )
}
