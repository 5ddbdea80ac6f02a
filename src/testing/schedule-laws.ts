import type { Schedule } from '../types.js'
import { expectSame, expectThat } from './expectations.js'
import type { Law } from './law.js'

/** The densities of all rounds, or of the first twenty when the schedule has no end. */
const densitiesOf = (schedule: Schedule) =>
  Array.from({ length: schedule.rounds ?? 20 }, (_, round) => schedule(round))

/**
 * The duties of a {@link Schedule} of at least two rounds.
 *
 * @example
 * ```ts
 * import { scheduleLaws } from 'tfjs-prune/testing'
 *
 * const halving = (round: number) => 0.5 ** round
 * for (const { check } of scheduleLaws) await check(() => halving)
 * ```
 */
export const scheduleLaws: readonly Law<Schedule>[] = [
  {
    law: 'starts with the dense network',
    check: (make) => expectSame(make()(0), 1, 'the density of round 0'),
  },
  {
    law: 'stays in (0, 1]',
    check: (make) => {
      for (const density of densitiesOf(make()))
        expectThat(density > 0 && density <= 1, 'a density in (0, 1]', density)
    },
  },
  {
    law: 'never grows',
    check: (make) => {
      const densities = densitiesOf(make())
      expectThat(
        densities.every((density, round) => round === 0 || density <= densities[round - 1]!),
        'densities that never grow',
        densities,
      )
    },
  },
  {
    law: 'prunes something by its last round',
    check: (make) => {
      const last = densitiesOf(make()).at(-1)
      expectThat(last !== undefined && last < 1, 'a last density below 1', last)
    },
  },
  {
    law: 'has a whole number of rounds, or says nothing of them',
    check: (make) => {
      const { rounds = 2 } = make()
      expectThat(
        Number.isInteger(rounds) && rounds >= 1,
        'a whole number of rounds, at least 1',
        rounds,
      )
    },
  },
  {
    law: 'answers in any order the same, also when it is made again',
    check: (make) => {
      const schedule = make()
      const forwards = densitiesOf(schedule)
      const backwards = forwards.map((_, i) => schedule(forwards.length - 1 - i)).reverse()
      expectSame(backwards, forwards, 'the densities, asked for backwards,')
      expectSame(densitiesOf(make()), forwards, 'the densities of a second one')
    },
  },
]
