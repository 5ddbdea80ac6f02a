import { type FingerprintedWeight, fingerprintOf } from './fingerprint.js'

/** A weight by its name in a file. */
export interface NamedWeight extends FingerprintedWeight {
  readonly dtype: string
}

/**
 * The fingerprint of weights, some of them masks. The mask of a masking layer is a weight of its
 * own, named after the weight that it holds at 0.
 */
export function fingerprintWithMasks(weights: readonly NamedWeight[]): string {
  const names = new Set(weights.map(({ name }) => name))
  const masks = weights.filter(({ name, dtype }) => dtype === 'bool' && names.has(heldBy(name)))
  const held = new Map(masks.map(({ name, values }) => [heldBy(name), values]))
  const others = weights.filter((weight) => !masks.includes(weight))
  return fingerprintOf(
    others.map(({ name, shape, values }) => {
      return { name, shape, values: withZeros(values, held.get(name)) }
    }),
  )
}

/** The weight that a mask of this name holds; no name of a mask ends as it does. */
function heldBy(name: string): string {
  return name.endsWith('_mask') ? name.slice(0, -'_mask'.length) : ''
}

/** A copy that is 0 where the mask is; without a mask, the values. */
export function withZeros<T extends FingerprintedWeight['values']>(
  values: T,
  mask?: ArrayLike<number>,
): T {
  if (mask === undefined) return values
  return values.map((value, i) => (mask[i] === 0 ? 0 : value)) as T
}
