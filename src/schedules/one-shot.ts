import { checkNumber } from '../internal/option-checks.js'
import type { Schedule } from '../types.js'
import { withRounds } from './with-rounds.js'

/**
 * Prunes once: the dense round, then one round at the given density.
 *
 * @param density Density of the second round, in (0, 1).
 * @returns A schedule of two rounds.
 * @throws {TypeError} If `density` is no number.
 * @throws {RangeError} If `density` is outside (0, 1).
 *
 * @example
 * ```ts
 * import { oneShot } from 'tfjs-prune'
 *
 * const schedule = oneShot(0.1)
 * if (schedule(0) !== 1 || schedule(1) !== 0.1 || schedule.rounds !== 2) throw new Error('two rounds')
 * ```
 */
export function oneShot(density: number): Schedule {
  checkNumber(density, {
    task: 'make a one-shot schedule',
    name: 'density',
    wanted: 'in (0, 1)',
    accepts: (value) => value > 0 && value < 1,
  })
  return withRounds((round) => (round === 0 ? 1 : density), 2)
}
