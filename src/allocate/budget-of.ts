import type { AllocationRequest } from '../types.js'

/**
 * How many elements stay in all: round(total size * density), or what the bounds of the weights
 * leave of it.
 */
export function budgetOf(weights: readonly AllocationRequest[], density: number): number {
  const total = weights.reduce((sum, { size }) => sum + size, 0)
  const least = weights.reduce((sum, { minimumKept }) => sum + minimumKept, 0)
  const most = weights.reduce((sum, { maximumKept }) => sum + maximumKept, 0)
  return Math.min(Math.max(Math.round(total * density), least), most)
}
