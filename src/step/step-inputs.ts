import type { WeightValues } from '../internal/weight-values.js'
import { checkIsMask } from '../masks/check-is-mask.js'
import { checkTotals } from '../masks/check-totals.js'
import { checkValues } from '../masks/check-values.js'
import type { Mask } from '../masks/mask.js'
import type { PrunableWeight } from '../select/select-weights.js'

const task = 'use the previous mask'

/**
 * The previous mask of each weight by name; all ones without a previous mask. Throws unless the
 * previous mask holds the same weights in the same shapes.
 */
export function previousMasks(
  weights: readonly PrunableWeight[],
  previous: Mask | undefined,
): Map<string, Uint8Array> {
  if (previous) checkIsMask(previous, task)
  // Pruned elements of a weight outside of the selection would come back unnoticed.
  const names = new Set(weights.map(({ name }) => name))
  const left = previous?.weights.find(({ name }) => !names.has(name))
  if (left) {
    throw new RangeError(
      `Cannot prune: expected a selection with all weights of the previous mask, got one without ${left.name}`,
    )
  }
  const masks = new Map<string, Uint8Array>()
  const byName = new Map(previous?.weights.map((weight) => [weight.name, weight]))
  for (const { name, shape, size } of weights) {
    const masked = byName.get(name)
    if (previous && !masked) {
      throw new RangeError(
        `Cannot prune ${name}: expected the previous mask to hold it, got a mask without it`,
      )
    }
    if (masked && masked.shape.join() !== shape.join()) {
      const wanted = `a previous mask of shape [${shape.join(', ')}]`
      throw new TypeError(
        `Cannot prune ${name}: expected ${wanted}, got [${masked.shape.join(', ')}]`,
      )
    }
    if (masked) checkValues(masked, task)
    masks.set(name, masked?.values ?? new Uint8Array(size).fill(1))
  }
  if (previous) checkTotals(previous, task)
  return masks
}

/** The values of a weight before training; undefined for its present ones. */
export function initialValues(
  { name, size }: PrunableWeight,
  initial: Readonly<WeightValues> | undefined,
): WeightValues[string] | undefined {
  if (!initial) return undefined
  const values = initial[name]
  if (!values) throw new RangeError(`Cannot score ${name}: expected its initial values, got none`)
  if (values.length === size) return values
  throw new TypeError(`Cannot score ${name}: expected ${size} initial values, got ${values.length}`)
}
