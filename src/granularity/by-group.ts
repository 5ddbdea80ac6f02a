import type { Combination, Grains } from './granularity.js'

/** How element scores become one of a group, and the elements that count; see `grainScores`. */
export interface Combining {
  readonly mask?: Uint8Array | undefined
  readonly combine?: Combination | undefined
}

/** One score per group, of as many element scores as the groups have elements. */
export function scoresByGroup(
  scores: Float32Array,
  grains: Grains,
  { mask, combine = 'sum' }: Combining,
): Float32Array {
  const sums = new Float64Array(grains.count)
  const sizes = new Int32Array(grains.count)
  for (let i = 0; i < scores.length; i++) {
    if (mask && mask[i] === 0) continue
    const group = grains.of[i]!
    const score = scores[i]!
    sums[group]! += combine === 'norm' ? score * score : score
    sizes[group]!++
  }
  if (combine === 'sum') return Float32Array.from(sums)
  return Float32Array.from(
    sums.map((sum, group) => (combine === 'norm' ? Math.sqrt(sum) : sum / (sizes[group]! || 1))),
  )
}

/** 1 for each group of which the mask, as long as the groups, keeps an element. */
export function aliveByGroup(mask: Uint8Array, grains: Grains): Uint8Array {
  const alive = new Uint8Array(grains.count)
  for (let i = 0; i < mask.length; i++) if (mask[i] === 1) alive[grains.of[i]!] = 1
  return alive
}

/** The mask before, as long as the groups, without the elements of pruned groups. */
export function maskByGroup(
  groupMask: Uint8Array,
  grains: Grains,
  previous: Uint8Array,
): Uint8Array {
  const mask = previous.slice()
  for (let i = 0; i < mask.length; i++) mask[i] = mask[i]! & groupMask[grains.of[i]!]!
  return mask
}
