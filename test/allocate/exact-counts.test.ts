import fc from 'fast-check'
import { expect, test } from 'vitest'
import { budgetOf } from '../../src/allocate/budget-of.js'
import { erdosRenyiKernel } from '../../src/allocate/erdos-renyi-kernel.js'
import { exactCounts } from '../../src/allocate/exact-counts.js'
import { globally } from '../../src/allocate/globally.js'
import { inGroups } from '../../src/allocate/in-groups.js'
import { lamp } from '../../src/allocate/lamp.js'
import { perLayer } from '../../src/allocate/per-layer.js'
import { proportional } from '../../src/allocate/proportional.js'
import type { AllocationRequest, Allocator } from '../../src/types.js'
import { allocationRequests, densities, request } from '../support/allocation-requests.js'

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0)

/** A weight of so many elements, of which at least and at most so many stay. */
const weight = (size: number, minimumKept = 1, maximumKept = size) =>
  request(new Float32Array(size), { minimumKept, maximumKept })

const counts = (allocate: Allocator, weights: readonly AllocationRequest[], density: number) =>
  exactCounts(weights, density, (at) => allocate(weights, at))

const bounded = ({ minimumKept, maximumKept }: AllocationRequest, wanted: number) =>
  Math.min(Math.max(wanted, minimumKept), maximumKept)

/** Allocators of a caller: they look at the density oddly, or not at all. */
const own: Record<string, Allocator> = {
  'one that keeps the least': (weights) => weights.map(({ minimumKept }) => minimumKept),
  'one that keeps everything': (weights) => weights.map(({ maximumKept }) => maximumKept),
  'one of constant counts': (weights) => weights.map((one) => bounded(one, 5)),
  'one that falls as the density grows': (weights, density) =>
    weights.map((one) => bounded(one, Math.round(one.size * (1 - density)))),
  'one that jumps': (weights, density) =>
    weights.map((one) => bounded(one, density < 0.3 ? 0 : one.size)),
}

const every: Record<string, Allocator> = {
  perLayer: perLayer(),
  globally: globally(),
  lamp: (weights, density) =>
    lamp()(
      weights.map((one) => ({ ...one, scores: one.scores.map(Math.abs) })),
      density,
    ),
  erdosRenyiKernel: erdosRenyiKernel(),
  proportional: proportional(({ size }) => Math.sqrt(size)),
  inGroups: inGroups([{ include: /0|2/ }], perLayer()),
  ...own,
}

test.each(Object.entries(every))(
  'exactCounts sums to the budget within the bounds of any model, with %s',
  (_, allocate) => {
    fc.assert(
      fc.property(allocationRequests(), densities, (weights, density) => {
        const found = counts(allocate, weights, density)
        expect(sum(found)).toBe(budgetOf(weights, density))
        weights.forEach(({ minimumKept, maximumKept }, i) => {
          expect(Number.isInteger(found[i])).toBe(true)
          expect(found[i]).toBeGreaterThanOrEqual(minimumKept)
          expect(found[i]).toBeLessThanOrEqual(maximumKept)
        })
      }),
      { numRuns: 200 },
    )
  },
)

test('exactCounts leaves an answer of the right sum as it is', () => {
  let calls = 0
  const ask = () => {
    calls++
    return [3, 7]
  }
  expect(exactCounts([weight(10), weight(10)], 0.5, ask)).toEqual([3, 7])
  expect(calls).toBe(1)
})

test('exactCounts lowers the density of perLayer beside a weight that stays whole', () => {
  // 20 + 30 + 50 elements, 25 of them in all: 20, and 5 of the other 80, a sixteenth.
  const weights = [weight(20, 20), weight(32), weight(48)]
  expect(counts(perLayer(), weights, 0.25)).toEqual([20, 2, 3])
  expect(perLayer()(weights, 0.25)).toEqual([20, 8, 12])
})

test('exactCounts spreads what is left over evenly, in the order of the weights', () => {
  // Four equal weights gain an element at the same density; two of them may.
  const weights = [weight(2, 2), ...Array.from({ length: 4 }, () => weight(10))]
  expect(counts(perLayer(), weights, 8 / 42)).toEqual([2, 2, 1, 2, 1])
})

test('exactCounts asks an allocator that does not look at the density no more than 40 times', () => {
  let calls = 0
  const allocate: Allocator = (weights) => {
    calls++
    return weights.map(() => 1)
  }
  expect(counts(allocate, [weight(10), weight(30)], 0.5)).toEqual([5, 15])
  expect(calls).toBe(40)
})
