import fc from 'fast-check'
import { expect, test } from 'vitest'
import { densityList } from '../../src/schedules/density-list.js'
import { geometric } from '../../src/schedules/geometric.js'
import { oneShot } from '../../src/schedules/one-shot.js'
import { polynomial } from '../../src/schedules/polynomial.js'
import type { Schedule } from '../../src/types.js'
import { refusalOf } from '../support/refusal-of.js'

const valuesOf = (schedule: Schedule) =>
  Array.from({ length: schedule.rounds! }, (_, round) => schedule(round))

test('geometric halves the weights in seven rounds by default: 100 to 1.57 %', () => {
  expect(valuesOf(geometric())).toEqual([1, 0.5, 0.25, 0.125, 0.0625, 0.03125, 0.015625])
})

test('geometric keeps the same share of the remaining weights each round', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.01, max: 0.99, noNaN: true }),
      fc.integer({ min: 1, max: 12 }),
      (keep, rounds) => {
        const values = valuesOf(geometric({ keep, rounds }))
        expect(values).toHaveLength(rounds)
        values.forEach((density, round) => {
          expect(density).toBeCloseTo(round === 0 ? 1 : values[round - 1]! * keep, 12)
        })
      },
    ),
  )
})

test('polynomial goes from 1 to the last density, by the cube unless told otherwise', () => {
  expect(
    valuesOf(polynomial({ finalDensity: 0.1, rounds: 4 })).map((density) => density.toFixed(4)),
  ).toEqual(['1.0000', '0.3667', '0.1333', '0.1000'])
  expect(
    valuesOf(polynomial({ finalDensity: 0.2, rounds: 5, power: 1 })).map((density) =>
      density.toFixed(2),
    ),
  ).toEqual(['1.00', '0.80', '0.60', '0.40', '0.20'])
})

test('polynomial starts at exactly 1, ends at exactly its last density and never grows', () => {
  const options = fc.record({
    finalDensity: fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }),
    rounds: fc.integer({ min: 2, max: 60 }),
    power: fc.double({ min: 0.05, max: 20, noNaN: true }),
  })
  fc.assert(
    fc.property(options, (chosen) => {
      const values = valuesOf(polynomial(chosen))
      expect([values[0], values.at(-1)]).toEqual([1, chosen.finalDensity])
      expect(values).toEqual(values.toSorted((a, b) => b - a))
    }),
  )
})

test('polynomial stays at its last density after its last round', () => {
  expect(polynomial({ finalDensity: 0.1, rounds: 4 })(9)).toBe(0.1)
})

test('oneShot prunes once, and stays there', () => {
  expect(valuesOf(oneShot(0.3))).toEqual([1, 0.3])
  expect(oneShot(0.3)(5)).toBe(0.3)
})

test('densityList follows its list, and stays at the end of it', () => {
  const list = [1, 0.7, 0.7, 0.2]
  const schedule = densityList(list)
  expect(valuesOf(schedule)).toEqual(list)
  expect(schedule(9)).toBe(0.2)
  expect(valuesOf(densityList([1]))).toEqual([1])
})

test('densityList does not change with the list that it was made of', () => {
  const list = [1, 0.5]
  const schedule = densityList(list)
  list[1] = 7
  expect(schedule(1)).toBe(0.5)
})

const follow = 'RangeError: Cannot follow the schedule: expected '

test.each<[() => Schedule, string]>([
  [
    () => geometric({ keep: 0 }),
    'RangeError: Cannot make a geometric schedule: expected keep to be in (0, 1), got 0',
  ],
  [
    () => geometric({ keep: 1 }),
    'RangeError: Cannot make a geometric schedule: expected keep to be in (0, 1), got 1',
  ],
  [
    () => geometric({ keep: Number.NaN }),
    'RangeError: Cannot make a geometric schedule: expected keep to be in (0, 1), got NaN',
  ],
  [
    () => geometric({ rounds: 0 }),
    'RangeError: Cannot make a geometric schedule: expected rounds to be a whole number of at least 1, got 0',
  ],
  [
    () => geometric({ rounds: 2.5 }),
    'RangeError: Cannot make a geometric schedule: expected rounds to be a whole number of at least 1, got 2.5',
  ],
  [
    () => polynomial({ finalDensity: 1, rounds: 3 }),
    'RangeError: Cannot make a polynomial schedule: expected finalDensity to be in (0, 1), got 1',
  ],
  [
    () => polynomial({ finalDensity: 0, rounds: 3 }),
    'RangeError: Cannot make a polynomial schedule: expected finalDensity to be in (0, 1), got 0',
  ],
  [
    () => polynomial({ finalDensity: 0.1, rounds: 1 }),
    'RangeError: Cannot make a polynomial schedule: expected rounds to be a whole number of at least 2, got 1',
  ],
  [
    () => polynomial({ finalDensity: 0.1, rounds: 3, power: 0 }),
    'RangeError: Cannot make a polynomial schedule: expected power to be a finite number above 0, got 0',
  ],
  [
    () => polynomial({ finalDensity: 0.1, rounds: 3, power: Infinity }),
    'RangeError: Cannot make a polynomial schedule: expected power to be a finite number above 0, got Infinity',
  ],
  [
    () => oneShot(0),
    'RangeError: Cannot make a one-shot schedule: expected density to be in (0, 1), got 0',
  ],
  [
    () => oneShot(1),
    'RangeError: Cannot make a one-shot schedule: expected density to be in (0, 1), got 1',
  ],
  [
    () => oneShot(Number.NaN),
    'RangeError: Cannot make a one-shot schedule: expected density to be in (0, 1), got NaN',
  ],
  [
    () => densityList([]),
    'RangeError: Cannot make a schedule: expected at least one density, got none',
  ],
  [() => densityList([0.5, 0.2]), `${follow}density 1, the dense network, in round 0, got 0.5`],
  [
    () => densityList([1, 0.2, 0.5]),
    `${follow}a density of at most 0.2, that of the round before, in round 2, got 0.5`,
  ],
  [() => densityList([1, 0]), `${follow}a density in (0, 1] in round 1, got 0`],
  [() => densityList([1, Number.NaN]), `${follow}a density in (0, 1] in round 1, got NaN`],
  [() => densityList([1.5]), `${follow}a density in (0, 1] in round 0, got 1.5`],
  [
    () => densityList([1, '0.5' as never]),
    'TypeError: Cannot follow the schedule: expected a number in round 1, got string',
  ],
  [
    () => densityList(0.5 as never),
    'TypeError: Cannot make a schedule: expected a list of densities, got number',
  ],
])('a schedule is refused with a message that names the number %#', (make, message) => {
  expect(refusalOf(make)).toBe(message)
})
