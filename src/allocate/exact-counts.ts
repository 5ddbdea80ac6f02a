import type { AllocationRequest } from '../types.js'
import { budgetOf } from './budget-of.js'

/** Halvings of the density until no count of a network changes any more. */
const MOST_TRIES = 40

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0)

/**
 * Counts of an allocator that sum to round(total size * density), or to what the bounds leave of
 * it.
 *
 * The allocator is asked for the density. Where its counts sum to another number, as those of
 * `perLayer` do beside a weight that stays whole, it is asked for the density at which they fit, by
 * halving. Where several weights gain an element at the same density and not all may, the counts lie
 * between those below and above: the elements that are left over are spread evenly, in the order of
 * the weights.
 */
export function exactCounts(
  weights: readonly AllocationRequest[],
  density: number,
  ask: (density: number) => readonly number[],
): readonly number[] {
  const budget = budgetOf(weights, density)
  let low = { at: 0, counts: weights.map(({ minimumKept }) => minimumKept) as readonly number[] }
  let high = { at: 1, counts: weights.map(({ maximumKept }) => maximumKept) as readonly number[] }
  let at = density
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const counts = ask(at)
    const kept = sum(counts)
    if (kept === budget) return counts
    if (kept < budget) low = { at, counts }
    else high = { at, counts }
    at = (low.at + high.at) / 2
  }
  const raises = low.counts.map((count, i) => Math.max(0, high.counts[i]! - count))
  const share = (budget - sum(low.counts)) / sum(raises)
  let before = 0
  return low.counts.map((count, i) => {
    const after = before + raises[i]!
    const raise = Math.round(after * share) - Math.round(before * share)
    before = after
    return count + raise
  })
}
