import fc from 'fast-check'
import { expect } from 'vitest'
import type { AllocationRequest, Allocator } from '../../src/types.js'
import { allocationRequests, densities, request } from '../support/allocation-requests.js'
import { randomValues } from '../support/weights.js'
import { conformance, type Law } from './laws.js'

/**
 * Runs the contract of an allocator over one member: `make` makes it anew. With `magnitudes`, scores are never negative.
 */
export function allocatorConformance(name: string, make: () => Allocator, { magnitudes = false } = {}): void {
  conformance(name, allocatorLaws, () => {
    const allocate = make()
    return magnitudes ? (weights, density) => allocate(weights.map(withMagnitudes), density) : allocate
  })
}

const withMagnitudes = (weight: AllocationRequest) => ({ ...weight, scores: weight.scores.map(Math.abs) })

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0)

/** Weights of 40 to 400 elements, all still there. */
const untouched = () => [400, 40, 200, 160].map((size, i) => request(randomValues(size, i)))

/** The laws, for those who test the suite itself. */
export const allocatorLaws: readonly Law<Allocator>[] = [
  {
    law: 'gives each weight a whole number within its minimum and maximum, never above what is left of it',
    check: (make) => {
      fc.assert(
        fc.property(allocationRequests(), densities, (weights, density) => {
          const counts = make()(weights, density)
          expect(counts).toHaveLength(weights.length)
          weights.forEach(({ minimumKept, maximumKept, kept }, i) => {
            expect(Number.isInteger(counts[i])).toBe(true)
            expect(counts[i]).toBeGreaterThanOrEqual(minimumKept)
            expect(counts[i]).toBeLessThanOrEqual(Math.min(maximumKept, kept))
          })
        }),
      )
    },
  },
  {
    law: 'meets the density to half an element a weight where no bound is in the way',
    check: (make) => {
      for (const density of [1, 0.5, 0.25, 0.125, 0.1, 0.0312]) {
        const weights = untouched()
        const wanted = density * sum(weights.map(({ size }) => size))
        expect(Math.abs(sum(make()(weights, density)) - wanted)).toBeLessThanOrEqual(weights.length / 2)
      }
    },
  },
  {
    law: 'keeps everything at density 1',
    check: (make) => {
      const weights = untouched()
      expect([...make()(weights, 1)]).toEqual(weights.map(({ size }) => size))
    },
  },
  {
    law: 'keeps at least one element of each weight at the lowest density',
    check: (make) => {
      expect(make()(untouched(), 1e-9).every((count) => count >= 1)).toBe(true)
    },
  },
  {
    law: 'never keeps more in sum at a lower density',
    check: (make) => {
      fc.assert(
        fc.property(allocationRequests(), densities, densities, (weights, one, other) => {
          const [low, high] = [Math.min(one, other), Math.max(one, other)]
          expect(sum(make()(weights, low))).toBeLessThanOrEqual(sum(make()(weights, high)))
        }),
        { numRuns: 50 },
      )
    },
  },
  {
    law: 'is pure: the same answer again, and neither scores nor masks are changed',
    check: (make) => {
      fc.assert(
        fc.property(allocationRequests(), densities, (weights, density) => {
          const before = structuredClone(weights)
          const allocate = make()
          const first = [...allocate(weights, density)]
          expect([...allocate(weights, density)]).toEqual(first)
          expect([...make()(weights, density)]).toEqual(first)
          expect(weights).toEqual(before)
        }),
        { numRuns: 50 },
      )
    },
  },
]
