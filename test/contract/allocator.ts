import { allocatorLaws } from '../../src/testing/allocator-laws.js'
import type { AllocationRequest, Allocator } from '../../src/types.js'
import { conformance } from './laws.js'

/**
 * Runs the contract of an allocator over one member: `make` makes it anew. With `magnitudes`,
 * scores are never negative.
 */
export function allocatorConformance(
  name: string,
  make: () => Allocator,
  { magnitudes = false } = {},
): void {
  conformance(name, allocatorLaws, () => {
    const allocate = make()
    return magnitudes
      ? (weights, density) => allocate(weights.map(withMagnitudes), density)
      : allocate
  })
}

const withMagnitudes = (weight: AllocationRequest) => ({
  ...weight,
  scores: weight.scores.map(Math.abs),
})
