import type { Schedule } from '../types.js'
import { withRounds } from './with-rounds.js'

/**
 * Prunes once: the dense round, then one round at the given density.
 *
 * @param density Density of the second round, in (0, 1).
 * @returns A schedule of two rounds.
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
  if (!(density > 0 && density < 1)) {
    throw new RangeError(
      `Cannot make a one-shot schedule: expected a density in (0, 1), got ${density}`,
    )
  }
  return withRounds((round) => (round === 0 ? 1 : density), 2)
}
