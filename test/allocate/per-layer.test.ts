import fc from 'fast-check'
import { expect, test } from 'vitest'
import { perLayer } from '../../src/allocate/per-layer.js'
import { allocationRequests, densities, request } from '../support/allocation-requests.js'

test.each([
  [0.5, [50, 10, 4, 2]],
  [0.25, [25, 5, 2, 1]],
  [0.1, [10, 2, 1, 1]],
  [0.0157, [2, 1, 1, 1]],
])('perLayer keeps round(size * density) of each, at least 1, at density %s', (density, counts) => {
  const weights = [100, 20, 7, 3].map((size) => request(new Float32Array(size)))
  expect(perLayer()(weights, density)).toEqual(counts)
})

test('perLayer keeps round(size * density), as near as bounds and earlier rounds let it', () => {
  fc.assert(
    fc.property(allocationRequests(), densities, (weights, density) => {
      const wanted = weights.map(({ size, minimumKept, maximumKept }) => {
        const exact = Math.round(size * density)
        return [minimumKept, exact, maximumKept].sort((a, b) => a - b)[1] // the middle one
      })
      expect(perLayer()(weights, density)).toEqual(wanted)
    }),
  )
})

test('perLayer does not look at the scores', () => {
  fc.assert(
    fc.property(allocationRequests(), densities, (weights, density) => {
      const blind = weights.map((weight) => ({ ...weight, scores: new Float32Array(weight.size) }))
      expect(perLayer()(blind, density)).toEqual(perLayer()(weights, density))
    }),
    { numRuns: 50 },
  )
})
