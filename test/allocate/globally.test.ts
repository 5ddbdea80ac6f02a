import fc from 'fast-check'
import { expect, test } from 'vitest'
import { globally } from '../../src/allocate/globally.js'
import { keepHighest } from '../../src/masks/keep-highest.js'
import type { AllocationRequest } from '../../src/types.js'
import { allocationRequests, densities, request } from '../support/allocation-requests.js'
import { randomValues } from '../support/weights.js'

const total = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0)

/** The candidates of all weights, best first; equal scores in the order of the model. */
function ranked(weights: readonly AllocationRequest[]): { weight: number; score: number }[] {
  return weights
    .flatMap(({ scores, mask }, weight) =>
      [...scores].flatMap((score, i) => (mask[i] ? [{ weight, score }] : [])),
    )
    .sort((a, b) => b.score - a.score)
}

/** The budget: round(total * density), or what the bounds leave of it. */
function budgetOf(weights: readonly AllocationRequest[], density: number): number {
  const wanted = Math.round(total(weights.map(({ size }) => size)) * density)
  const [least, most] = [weights.map((w) => w.minimumKept), weights.map((w) => w.maximumKept)].map(
    total,
  )
  return Math.min(Math.max(wanted, least!), most!)
}

/** All counts within the bounds that spend the budget. */
function* candidates(weights: readonly AllocationRequest[], budget: number): Generator<number[]> {
  const [first, ...others] = weights
  if (!first) {
    if (budget === 0) yield []
    return
  }
  for (let count = first.minimumKept; count <= Math.min(first.maximumKept, budget); count++) {
    for (const rest of candidates(others, budget - count)) yield [count, ...rest]
  }
}

/** Sum of the scores that stay when each weight keeps its `counts` highest. */
function worth(weights: readonly AllocationRequest[], counts: readonly number[]): number {
  return total(
    weights.map(({ scores, mask }, i) => {
      const values = [...scores].filter((_, at) => mask[at]).sort((a, b) => b - a)
      return total(values.slice(0, counts[i]))
    }),
  )
}

test('globally keeps what a sort over the whole model keeps', () => {
  fc.assert(
    fc.property(allocationRequests({ bounds: false }), densities, (weights, density) => {
      const free = weights.map((weight) => ({ ...weight, minimumKept: 0 }))
      const best = ranked(free).slice(0, budgetOf(free, density))
      expect(globally()(free, density)).toEqual(
        free.map((_, i) => best.filter(({ weight }) => weight === i).length),
      )
    }),
  )
})

test('globally spends round(total size * density) exactly, or what the bounds leave of it', () => {
  fc.assert(
    fc.property(allocationRequests(), densities, (weights, density) => {
      expect(total(globally()(weights, density))).toBe(budgetOf(weights, density))
    }),
  )
})

test('globally keeps the highest scores that the bounds allow: no other counts are worth more', () => {
  fc.assert(
    fc.property(
      allocationRequests({ maximumWeights: 4, maximumSize: 7 }),
      densities,
      (weights, density) => {
        const counts = globally()(weights, density)
        let best = -Infinity
        for (const other of candidates(weights, total(counts)))
          best = Math.max(best, worth(weights, other))
        expect(worth(weights, counts)).toBe(best)
      },
    ),
    { numRuns: 200 },
  )
})

test('globally prefers the front of the model where that is worth the same', () => {
  fc.assert(
    fc.property(
      allocationRequests({ maximumWeights: 3, maximumSize: 5 }),
      densities,
      (weights, density) => {
        const counts = globally()(weights, density)
        const rivals = [...candidates(weights, total(counts))].filter(
          (other) => worth(weights, other) === worth(weights, counts),
        )
        const order = (a: readonly number[], b: readonly number[]) => {
          const at = a.findIndex((count, i) => count !== b[i])
          return at < 0 ? 0 : b[at]! - a[at]!
        }
        expect(counts).toEqual(rivals.sort(order)[0])
      },
    ),
    { numRuns: 100 },
  )
})

test('globally lets weights compete: the layer of low scores loses all but one', () => {
  const low = request(randomValues(50, 1).map((value) => Math.abs(value) * 0.01))
  const high = request(randomValues(50, 2).map((value) => 1 + Math.abs(value)))
  expect(globally()([low, high], 0.4)).toEqual([1, 39])
  expect(globally()([low, high], 0.75)).toEqual([25, 50])
})

test('globally gives a bound that is broken, and shares the rest by the scores', () => {
  const a = request([9, 8, 7, 6], { maximumKept: 2 })
  const b = request([5, 4, 3, 2])
  const c = request([1, 1, 1, 1], { minimumKept: 3 })
  expect(globally()([a, b, c], 0.5)).toEqual([2, 1, 3])
  expect(globally()([a, b, c], 0.75)).toEqual([2, 4, 3])
  expect(globally()([a, b, c], 1)).toEqual([2, 4, 4])
  expect(globally()([a, b, c], 0.01)).toEqual([1, 1, 3])
})

test('globally and keepHighest agree on a model of 300,000 weights', () => {
  const weights = [100_000, 150_000, 50_000].map((size, i) => request(randomValues(size, i)))
  const all = Float32Array.from(weights.flatMap(({ scores }) => [...scores]))
  const counts = globally()(weights, 0.0312)
  const kept = keepHighest(all, Math.round(300_000 * 0.0312))
  const ends = [0, 100_000, 250_000, 300_000]
  expect(counts).toEqual([0, 1, 2].map((i) => total([...kept.subarray(ends[i], ends[i + 1])])))
})

test('globally answers an empty list with an empty list', () => {
  expect(globally()([], 0.5)).toEqual([])
})
