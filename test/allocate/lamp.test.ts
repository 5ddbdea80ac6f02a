import fc from 'fast-check'
import { expect, test } from 'vitest'
import { budgetOf } from '../../src/allocate/budget-of.js'
import { lamp } from '../../src/allocate/lamp.js'
import type { AllocationRequest } from '../../src/types.js'
import golden from '../golden/allocation.json' with { type: 'json' }
import { allocationRequests, densities, request } from '../support/allocation-requests.js'
import { refusalOf } from '../support/refusal-of.js'
import { randomValues } from '../support/weights.js'

const magnitudes = (weights: readonly AllocationRequest[]) =>
  weights.map((weight) => ({ ...weight, scores: weight.scores.map(Math.abs) }))

/** The scores of what is left, highest first, each with a sum of its own. */
function adaptive({ scores, mask }: AllocationRequest): number[] {
  const left = [...scores].filter((_, i) => mask[i] === 1).sort((a, b) => b - a)
  return left.map((score, i) => {
    const sum = left.slice(0, i + 1).reduce((squares, one) => squares + one * one, 0)
    return sum === 0 ? 0 : (score * score) / sum
  })
}

test('lamp compares w^2 over the sum of the squares at or above it', () => {
  // Of a: 1, 9 / 25, 4 / 29; of b: 1, 1 / 2, 1 / 3.
  const [a, b] = [request([3, -0, 4, 2].map(Math.abs)), request([10, 10, 10])]
  const order = [...Array(6).keys()].map((i) => lamp()([a, b], (i + 2) / 7))
  expect(order).toEqual([
    [1, 1],
    [1, 2],
    [2, 2],
    [2, 3],
    [3, 3],
    [4, 3],
  ])
})

test('lamp counts only what the previous mask keeps', () => {
  const a = request([100, 3, 4, Number.NaN, -1], { mask: Uint8Array.of(0, 1, 1, 0, 0) })
  // Of a: 1, 9 / 25; of b: 1, 4 / 13.
  expect(lamp()([a, request([3, 2])], 3 / 7)).toEqual([2, 1])
})

test('lamp does not see the scale of a layer, which globally does', () => {
  const [one, other] = [randomValues(50, 1), randomValues(80, 2)].map((values) =>
    values.map(Math.abs),
  )
  const counts = lamp()([request(one!), request(other!)], 0.2)
  // A power of 2 changes no digit.
  expect(lamp()([request(one!.map((value) => value * 2 ** 40)), request(other!)], 0.2)).toEqual(
    counts,
  )
})

test('lamp keeps the highest of the whole model within the bounds, the sum exact', () => {
  fc.assert(
    fc.property(allocationRequests(), densities, (requests, density) => {
      const weights = magnitudes(requests)
      const counts = lamp()(weights, density)
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(budgetOf(weights, density))
      const ladders = weights.map(adaptive)
      const last = Math.min(
        ...ladders.map((scores, i) => lastFree(scores, counts[i]!, weights[i]!.minimumKept)),
      )
      const next = Math.max(
        ...ladders.map((scores, i) =>
          counts[i]! < weights[i]!.maximumKept ? scores[counts[i]!]! : 0,
        ),
      )
      expect(last).toBeGreaterThanOrEqual(next)
    }),
    { numRuns: 300 },
  )
})

/** The lowest score that stays and need not. */
const lastFree = (scores: readonly number[], count: number, minimum: number) =>
  count > minimum ? scores[count - 1]! : Infinity

test('lamp gives equal scores to the front of the model', () => {
  const same = () => request([2, 2, 2, 2])
  expect(lamp()([same(), same(), same()], 5 / 12)).toEqual([2, 2, 1])
  expect(lamp()([request([0, 0, 0]), request([0, 0, 0])], 0.5)).toEqual([2, 1])
})

test('lamp takes the smallest and the largest float32', () => {
  expect(lamp()([request([3.4e38, 3e38, 1e-45]), request([1e-45, 1e-45, 0])], 0.5)).toEqual([1, 2])
})

test.each(golden.lamp)(
  'lamp agrees with a loop over the pairs of elements',
  ({ layers, cases }) => {
    for (const { bounds, density, counts } of cases) {
      const weights = layers.map((scores, i) => {
        return request(scores, { minimumKept: bounds[i]![0]!, maximumKept: bounds[i]![1]! })
      })
      expect(lamp()(weights, density)).toEqual(counts)
    }
  },
)

test.each([
  [-0.5, '-0.5 at index 1'],
  [Number.NaN, 'NaN at index 1'],
  [Infinity, 'Infinity at index 1'],
])('lamp refuses the score %s', (score, got) => {
  const weights = [request([1, 2]), request([1, score, 0.25], { name: 'out/kernel' })]
  const wanted = 'expected scores of out/kernel in [0, Infinity), as criterion: magnitude() gives'
  expect(refusalOf(() => lamp()(weights, 0.5))).toBe(
    `RangeError: Cannot share out the density by lamp: ${wanted}, got ${got}`,
  )
})

test('lamp answers an empty list with an empty list', () => {
  expect(lamp()([], 0.5)).toEqual([])
})
