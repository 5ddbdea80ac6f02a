import type { Mask } from '../masks/mask.js'

/** Whether two masks of the same weights keep the same elements, in whatever order they name them. */
export function isSameMask(a: Mask, b: Mask): boolean {
  const values = new Map(b.weights.map((weight) => [weight.name, weight.values]))
  return a.weights.every(({ name, values: own }) => {
    const other = values.get(name)
    return own.length === other?.length && own.every((value, i) => value === other[i])
  })
}
