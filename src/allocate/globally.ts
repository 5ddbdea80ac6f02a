import { countHighest } from '../masks/count-highest.js'
import { leaveSelection } from '../masks/found-selections.js'
import type { AllocationRequest, Allocator } from '../types.js'
import { budgetOf } from './budget-of.js'

/**
 * All weights compete for one budget: the k = round(total size * density) highest scores of the
 * whole model stay.
 *
 * Where a weight would fall below its minimum or rise above its maximum it gets that bound, and the
 * others share the rest; the sum stays exactly k as long as the bounds allow it (otherwise the
 * bounds win). Equal scores stay in the order of the model. Sibling of {@link perLayer}, where
 * layers do not compete.
 *
 * @returns An allocator.
 *
 * @example
 * ```ts
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { computeMask, globally } from 'tfjs-prune'
 *
 * const hidden = layers.dense({ units: 10, inputShape: [4] })
 * const model = sequential({ layers: [hidden, layers.dense({ units: 2 })] })
 * const mask = await computeMask(model, { density: 0.25, allocate: globally() })
 * if (mask.kept !== 15) throw new Error('a quarter of 60 weights stay, wherever they are')
 * ```
 */
export function globally(): Allocator {
  return (weights, density) => shareOut(weights, budgetOf(weights, density))
}

/**
 * Fixes one side of the violated bounds at a time: the side with the larger surplus or shortage is
 * bound in the final answer too, since the threshold for the others can only move away from it.
 */
function shareOut(weights: readonly AllocationRequest[], budget: number): number[] {
  const counts = new Map<AllocationRequest, number>()
  let free = [...weights]
  let left = budget
  while (free.length > 0) {
    const kept = free.map(({ scores }) => new Uint8Array(scores.length))
    const wanted = countHighest(free, left, kept)
    const surplus = free.reduce(
      (sum, { maximumKept }, i) => sum + Math.max(0, wanted[i]! - maximumKept),
      0,
    )
    const shortage = free.reduce(
      (sum, { minimumKept }, i) => sum + Math.max(0, minimumKept - wanted[i]!),
      0,
    )
    const fixed = new Map<AllocationRequest, number>()
    free.forEach((weight, i) => {
      const { minimumKept, maximumKept } = weight
      if (surplus === 0 && shortage === 0) fixed.set(weight, wanted[i]!)
      else if (surplus >= shortage && wanted[i]! > maximumKept) fixed.set(weight, maximumKept)
      else if (shortage > surplus && wanted[i]! < minimumKept) fixed.set(weight, minimumKept)
    })
    if (surplus === 0 && shortage === 0)
      free.forEach((weight, i) => {
        leaveSelection(weight, { count: wanted[i]!, kept: kept[i]! })
      })
    for (const [weight, count] of fixed) {
      counts.set(weight, count)
      left -= count
    }
    free = free.filter((weight) => !fixed.has(weight))
  }
  return weights.map((weight) => counts.get(weight)!)
}
