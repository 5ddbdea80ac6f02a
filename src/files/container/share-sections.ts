import type { EncodedWeight } from './encode-weight.js'
import type { WeightEntry } from './header.js'

/**
 * Weights of which equal ones have their section once: all but the first name its place in the list
 * in the place of a section. Repeated kernels are often too far apart for the window of DEFLATE.
 */
export function shareSections(weights: readonly EncodedWeight[]): EncodedWeight[] {
  const firsts = new Map<string, number[]>()
  return weights.map((weight, i) => {
    const key = fieldsOf(weight.entry)
    const alike = firsts.get(key) ?? []
    firsts.set(key, alike)
    const sameAs = alike.find((first) => hasSameBytes(weights[first]!, weight))
    if (sameAs !== undefined)
      return { ...weight, entry: { ...weight.entry, sameAs }, section: [NONE, NONE] }
    if (weight.entry.kept > 0) alike.push(i)
    return weight
  })
}

const NONE = new Uint8Array(0)

/** All fields of an entry that the elements depend on, as text. */
export function fieldsOf({ name: _, sameAs: __, ...fields }: WeightEntry): string {
  return JSON.stringify(fields)
}

function hasSameBytes({ section: one }: EncodedWeight, { section: other }: EncodedWeight): boolean {
  return one.every((part, i) => part.every((byte, at) => byte === other[i]![at]))
}
