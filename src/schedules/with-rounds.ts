import type { Schedule } from '../types.js'

/** Attaches the number of rounds to a schedule after checking it. */
export function withRounds(density: (round: number) => number, rounds: number): Schedule {
  if (!(Number.isInteger(rounds) && rounds >= 1)) {
    throw new RangeError(
      `Cannot make a schedule: expected a whole number of at least 1 as rounds, got ${rounds}`,
    )
  }
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
