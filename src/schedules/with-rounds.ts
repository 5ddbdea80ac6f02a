import type { OptionCheck } from '../internal/check-options.js'
import { checkNumber } from '../internal/option-checks.js'
import type { Schedule } from '../types.js'

/** Throws unless a number of rounds is a whole number of at least 1. */
export const checkRounds: OptionCheck = (rounds, option) => {
  const accepts = (count: number) => Number.isInteger(count) && count >= 1
  checkNumber(rounds, { ...option, wanted: 'a whole number of at least 1', accepts })
}

/** Gives a schedule its number of rounds, which is checked. */
export function withRounds(density: (round: number) => number, rounds: number): Schedule {
  checkRounds(rounds, { task: 'make a schedule', name: 'rounds' })
  return Object.assign((round: number) => density(round), { rounds })
}

/** Throws unless a round's density is in (0, 1], 1 in round 0, and not above the one before. */
export function checkStep(density: number, round: number, before: number): void {
  const refuse = (wanted: string) =>
    new RangeError(
      `Cannot follow the schedule: expected ${wanted} in round ${round}, got ${density}`,
    )
  if (typeof density !== 'number') {
    throw new TypeError(
      `Cannot follow the schedule: expected a number in round ${round}, got ${typeof density}`,
    )
  }
  if (!(density > 0 && density <= 1)) throw refuse('a density in (0, 1]')
  if (round === 0 && density !== 1) throw refuse('density 1, the dense network,')
  if (density > before) throw refuse(`a density of at most ${before}, that of the round before,`)
}
