import type { Mask, MaskedWeight } from '../masks/mask.js'

interface Held {
  readonly mask: Mask
  readonly completed?: readonly MaskedWeight[]
}

/**
 * The mask that a run held in a round: its own, and the weights that the granularity added. A weight
 * of both is named twice: an element stays where both keep it.
 */
export function heldMask({ mask, completed = [] }: Held): Mask {
  return { ...mask, weights: [...mask.weights, ...completed] }
}

/** The weights of which a completed mask keeps fewer elements than the mask before. */
export function completedOf(mask: Mask, whole: Mask): readonly MaskedWeight[] {
  const before = new Map(mask.weights.map(({ name, kept }) => [name, kept]))
  return whole.weights.filter(
    ({ name, kept, values }) => kept < (before.get(name) ?? values.length),
  )
}
