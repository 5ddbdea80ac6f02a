import type { ModelWeight } from '../internal/model-weights.js'
import { type BoundWeight, bindMask, bindWeights } from '../masks/check-mask.js'
import type { Mask, MaskedWeight } from '../masks/mask.js'

interface Held {
  readonly mask: Mask
  readonly completed?: readonly MaskedWeight[]
}

/**
 * Pairs the weights that a run held in a round, those of its mask and those that the granularity
 * added, with those of the model. A weight of both is there twice: an element stays where both keep
 * it.
 */
export function bindHeld(
  weights: readonly ModelWeight[],
  { mask, completed = [] }: Held,
): BoundWeight[] {
  return [...bindMask(weights, mask), ...bindWeights(weights, completed)]
}

/** The weights of which a completed mask keeps fewer elements than the mask before. */
export function completedOf(mask: Mask, whole: Mask): readonly MaskedWeight[] {
  const before = new Map(mask.weights.map(({ name, kept }) => [name, kept]))
  return whole.weights.filter(
    ({ name, kept, values }) => kept < (before.get(name) ?? values.length),
  )
}
