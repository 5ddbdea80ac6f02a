import type { WeightValues } from '../internal/weight-values.js'
import type { Mask } from '../masks/mask.js'

/**
 * Weights of a sparse model: of a masked weight only the kept elements, in flat order; of all
 * others everything.
 */
export type PackedWeights = Readonly<WeightValues>

/** Leaves out the pruned elements. */
export function packWeights(values: Readonly<WeightValues>, mask: Mask): PackedWeights {
  const packed: WeightValues = { ...values }
  for (const { name, values: kept, kept: count } of mask.weights) {
    const all = values[name]!
    const left = all.slice(0, count)
    let next = 0
    for (let i = 0; i < all.length; i++) if (kept[i] === 1) left[next++] = all[i]!
    packed[name] = left
  }
  return packed
}

/** Puts +0 where the mask prunes. */
export function unpackWeights(packed: PackedWeights, mask: Mask): WeightValues {
  const values: WeightValues = { ...packed }
  for (const { name, values: kept, kept: count } of mask.weights) {
    if (packed[name]?.length !== count) {
      const got = `${packed[name]?.length ?? 'none'}`
      throw new RangeError(
        `Cannot restore ${name}: expected ${count} kept values in the round, got ${got}`,
      )
    }
    const whole = new Float32Array(kept.length)
    let next = 0
    for (let i = 0; i < kept.length; i++) if (kept[i] === 1) whole[i] = packed[name]![next++]!
    values[name] = whole
  }
  return values
}
