import fc from 'fast-check'
import { expect, test } from 'vitest'
import { budgetOf } from '../../src/allocate/budget-of.js'
import { proportional } from '../../src/allocate/proportional.js'
import { allocationRequests, densities, request } from '../support/allocation-requests.js'
import { refusalOf } from '../support/refusal-of.js'

const total = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0)

const sized = (sizes: Record<string, number>) =>
  Object.entries(sizes).map(([layer, size]) =>
    request(new Float32Array(size), { name: `${layer}/kernel`, layer }),
  )

test('proportional keeps densities in the ratio of the factors', () => {
  const weights = sized({ a: 40, b: 20 })
  expect(proportional([{ include: 'b', factor: 4 }])(weights, 0.25)).toEqual([5, 10])
  expect(proportional(({ layer }) => (layer === 'b' ? 4 : 1))(weights, 0.25)).toEqual([5, 10])
  expect(proportional([{ include: ['a', 'b'], factor: 9 }])(weights, 0.25)).toEqual([10, 5])
})

test('proportional caps a weight at all its elements and shares the rest in the same ratio', () => {
  // 280 epsilon = 36 gives b 23 of its 20; of what is left, 100 epsilon = 36 - 20
  expect(proportional([{ include: 'b', factor: 9 }])(sized({ a: 40, b: 20, c: 60 }), 0.3)).toEqual([
    6, 20, 10,
  ])
})

test('proportional keeps a minimum and takes it from the others in the same ratio', () => {
  const [a, b, c] = sized({ a: 100, b: 100, c: 100 })
  const weights = [{ ...a!, minimumKept: 60 }, b!, c!]
  // 100 epsilon (1 + 1 + 3) = 150 gives a 30; without it 100 epsilon (1 + 3) = 90
  expect(proportional([{ include: 'c', factor: 3 }])(weights, 0.5)).toEqual([60, 23, 67])
})

test('proportional rounds by the largest remainder, equal ones in the order of the model', () => {
  expect(proportional(() => 1)(sized({ a: 3, b: 3, c: 3, d: 3 }), 0.5)).toEqual([2, 2, 1, 1])
  expect(proportional(() => 1)(sized({ a: 10, b: 14, c: 16 }), 0.1)).toEqual([1, 1, 2])
  // 6.5 and 16.5, which float64 makes 6.5 and a little more than 16.5
  expect(proportional(() => 1)(sized({ a: 65, b: 165 }), 0.1)).toEqual([7, 16])
})

test('proportional lies within one element of the best epsilon, the sum exact', () => {
  const factors = fc.array(fc.double({ min: 1e-4, max: 1e4, noNaN: true }), {
    minLength: 4,
    maxLength: 4,
  })
  fc.assert(
    fc.property(
      allocationRequests({ maximumSize: 30 }),
      densities,
      factors,
      (weights, density, given) => {
        const at = new Map(weights.map(({ name }, i) => [name, given[i]!]))
        const counts = proportional(({ name }) => at.get(name)!)(weights, density)
        const budget = budgetOf(weights, density)
        expect(total(counts)).toBe(budget)
        const partsAt = (epsilon: number) =>
          weights.map(({ name, size, minimumKept, maximumKept }) =>
            Math.min(Math.max(epsilon * at.get(name)! * size, minimumKept), maximumKept),
          )
        let [low, high] = [0, 1e6]
        for (let i = 0; i < 200; i++) {
          const middle = (low + high) / 2
          if (total(partsAt(middle)) < budget) low = middle
          else high = middle
        }
        partsAt(high).forEach((part, i) => {
          expect(Math.abs(counts[i]! - part)).toBeLessThan(1 + 1e-6)
        })
      },
    ),
    { numRuns: 300 },
  )
})

test('proportional does not look at the scores', () => {
  const weights = sized({ a: 40, b: 20 })
  const scored = weights.map((weight) => ({ ...weight, scores: weight.scores.fill(Number.NaN) }))
  expect(proportional(() => 1)(scored, 0.25)).toEqual([10, 5])
})

test('proportional refuses a factor for a weight that does not exist, or two factors for one', () => {
  const weights = sized({ a: 40, b: 20 })
  const refuse = (...factors: { include: string | RegExp; factor: number }[]) =>
    refusalOf(() => proportional(factors)(weights, 0.5))
  expect(refuse({ include: 'c', factor: 2 })).toBe(
    'RangeError: Cannot select weights: expected factors to name one of a/kernel, b/kernel, got c',
  )
  expect(refuse({ include: 'a', factor: 2 }, { include: /kernel/, factor: 3 })).toBe(
    'RangeError: Cannot share out the density in proportion: expected one factor for a/kernel, got 2',
  )
})

test.each([0, -1, Number.NaN, Infinity])('proportional refuses the factor %s', (factor) => {
  const message = (name: string) =>
    `RangeError: Cannot share out the density in proportion: expected ${name} to be a finite number above 0, got ${factor}`
  expect(refusalOf(() => proportional([{ include: 'a', factor }]))).toBe(
    message('factors[0].factor'),
  )
  expect(refusalOf(() => proportional(() => factor)(sized({ a: 4 }), 0.5))).toBe(
    message('the factor of a/kernel'),
  )
})

test('proportional refuses what is neither a function nor a list', () => {
  expect(refusalOf(() => proportional({} as never))).toBe(
    'TypeError: Cannot share out the density in proportion: expected a function or a list of factors, got object',
  )
})
