import { expect } from 'vitest'
import type { Schedule } from '../../src/types.js'
import { conformance, type Law } from './laws.js'

/** Runs the contract of a schedule over one member of at least two rounds: `make` makes it anew. */
export function scheduleConformance(name: string, make: () => Schedule): void {
  conformance(name, scheduleLaws, make)
}

/** The densities of all rounds, or of the first twenty when the schedule has no end. */
const densitiesOf = (schedule: Schedule) => Array.from({ length: schedule.rounds ?? 20 }, (_, round) => schedule(round))

/** The laws, for those who test the suite itself. */
export const scheduleLaws: readonly Law<Schedule>[] = [
  {
    law: 'starts with the dense network',
    check: (make) => expect(make()(0)).toBe(1),
  },
  {
    law: 'stays in (0, 1]',
    check: (make) => {
      for (const density of densitiesOf(make())) {
        expect(density).toBeGreaterThan(0)
        expect(density).toBeLessThanOrEqual(1)
      }
    },
  },
  {
    law: 'never grows',
    check: (make) => {
      const densities = densitiesOf(make())
      expect(densities).toEqual(densities.toSorted((a, b) => b - a))
    },
  },
  {
    law: 'prunes something by its last round',
    check: (make) => expect(densitiesOf(make()).at(-1)).toBeLessThan(1),
  },
  {
    law: 'has a whole number of rounds, or says nothing of them',
    check: (make) => {
      const { rounds = 2 } = make()
      expect(Number.isInteger(rounds)).toBe(true)
      expect(rounds).toBeGreaterThanOrEqual(1)
    },
  },
  {
    law: 'answers in any order the same, also when it is made again',
    check: (make) => {
      const schedule = make()
      const forwards = densitiesOf(schedule)
      const backwards = forwards.map((_, i) => schedule(forwards.length - 1 - i)).reverse()
      expect(backwards).toEqual(forwards)
      expect(densitiesOf(make())).toEqual(forwards)
    },
  },
]
