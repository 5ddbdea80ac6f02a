import { optionError } from '../internal/option-error.js'
import type { Schedule } from '../types.js'
import { checkStep, withRounds } from './with-rounds.js'

/**
 * Takes the densities from a list. `prune` accepts the bare list as well.
 *
 * @param densities Densities in (0, 1] that never grow; the first is 1, the dense network.
 * @returns A schedule with as many rounds as the list is long.
 * @throws {TypeError} If `densities` is no list.
 * @throws {RangeError} If the list is empty, does not begin with 1, grows or leaves (0, 1].
 *
 * @example
 * ```ts
 * import { densityList } from 'tfjs-prune'
 *
 * const schedule = densityList([1, 0.3, 0.1])
 * if (schedule(2) !== 0.1 || schedule.rounds !== 3) throw new Error('three rounds')
 * ```
 */
export function densityList(densities: readonly number[]): Schedule {
  if (!Array.isArray(densities)) {
    throw optionError(
      new TypeError(
        `Cannot make a schedule: expected a list of densities, got ${typeof densities}`,
      ),
    )
  }
  if (densities.length === 0)
    throw new RangeError('Cannot make a schedule: expected at least one density, got none')
  const steps: readonly number[] = [...densities]
  steps.forEach((density, round) => {
    checkStep(density, round, round === 0 ? 1 : steps[round - 1]!)
  })
  return withRounds((round) => steps[Math.min(round, steps.length - 1)]!, steps.length)
}
