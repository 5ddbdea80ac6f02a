import { expect, test } from 'vitest'
import { densityList } from '../../src/schedules/density-list.js'
import { geometric } from '../../src/schedules/geometric.js'
import { oneShot } from '../../src/schedules/one-shot.js'
import { polynomial } from '../../src/schedules/polynomial.js'
import { scheduleLaws } from '../../src/testing/schedule-laws.js'
import type { Schedule } from '../../src/types.js'
import { brokenLaws } from './laws.js'
import { scheduleConformance } from './schedule.js'

scheduleConformance('geometric', () => geometric())
scheduleConformance('geometric with options', () => geometric({ keep: 0.9, rounds: 60 }))
scheduleConformance('polynomial', () => polynomial({ finalDensity: 0.03, rounds: 12 }))
scheduleConformance('polynomial with a power below 1', () =>
  polynomial({ finalDensity: 0.03, rounds: 12, power: 0.5 }),
)
scheduleConformance('oneShot', () => oneShot(0.1))
scheduleConformance('densityList', () => densityList([1, 0.5, 0.5, 0.1]))

// A user's own, without an end.
scheduleConformance('a schedule of a user', () => (round) => 1 / (1 + round))

let calls = 0
const idle: Record<string, Schedule> = {
  'never prunes': Object.assign(() => 1, { rounds: 3 }),
  'starts sparse': Object.assign(() => 0.5, { rounds: 3 }),
  'reaches 0': Object.assign((round: number) => 1 - round, { rounds: 2 }),
  grows: Object.assign((round: number) => [1, 0.4, 0.5][round]!, { rounds: 3 }),
  'has half a round': Object.assign((round: number) => 0.5 ** round, { rounds: 2.5 }),
  'counts its calls': Object.assign((round: number) => (round === 0 ? 1 : 1 / (2 + calls++)), {
    rounds: 3,
  }),
}

test.each(Object.keys(idle))('scheduleConformance turns down a schedule that %s', async (kind) => {
  expect(await brokenLaws(scheduleLaws, () => idle[kind]!)).not.toEqual([])
})
