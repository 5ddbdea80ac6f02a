import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { numberThat } from '../internal/option-checks.js'
import type { Schedule } from '../types.js'
import { checkRounds, withRounds } from './with-rounds.js'

/** Options of {@link geometric}. */
export interface GeometricOptions {
  /** Share of the remaining weights that each round keeps, in (0, 1). @default 0.5 */
  readonly keep?: number
  /**
   * Number of rounds, the dense one included. @default 7, down to 1.57 % with keep = 0.5, as in the
   * paper
   */
  readonly rounds?: number
}

const checks: OptionChecks<GeometricOptions> = {
  keep: numberThat('in (0, 1)', (keep) => keep > 0 && keep < 1),
  rounds: checkRounds,
}

/**
 * Prunes the same share of the remaining weights each round: density = keep^round. The paper's
 * schedule.
 *
 * @param options Share to keep and number of rounds.
 * @returns A schedule: 1, keep, keep^2, ...
 * @throws {TypeError} If an option is unknown or no number.
 * @throws {RangeError} If `keep` is outside (0, 1) or `rounds` is no whole number of at least 1.
 *
 * @example
 * ```ts
 * import { geometric } from 'tfjs-prune'
 *
 * const schedule = geometric({ keep: 0.5 })
 * if (schedule(0) !== 1 || schedule(6) !== 0.015625) throw new Error('1.57 % after six halvings')
 * ```
 */
export function geometric(options: GeometricOptions = {}): Schedule {
  checkOptions(options, { task: 'make a geometric schedule', checks })
  const { keep = 0.5, rounds = 7 } = options
  return withRounds((round) => keep ** round, rounds)
}
