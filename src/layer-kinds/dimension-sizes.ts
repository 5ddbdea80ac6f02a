import type { Dimension } from './layer-kind.js'
import type { Layout } from './layout.js'

interface Sized extends Pick<Layout, 'axes'> {
  readonly shape: readonly number[]
}

/**
 * Number of places of each dimension, read off the sides of a layer's weights; `known` ones are
 * taken over.
 */
export function dimensionSizes(
  weights: readonly Sized[],
  known: Iterable<readonly [Dimension, number]> = [],
): Map<Dimension, number> {
  const sizes = new Map(known)
  // Axes of one dimension first: they tell the sizes of those that share an axis.
  for (const alone of [true, false]) {
    for (const { axes, shape } of weights) {
      for (const [axis, names] of axes.entries())
        if ((names.length === 1) === alone) addSize(names, shape[axis]!, sizes)
    }
  }
  return sizes
}

function addSize(names: readonly Dimension[], side: number, sizes: Map<Dimension, number>): void {
  const known = names.reduce((product, name) => product * (sizes.get(name) ?? 1), 1)
  const open = names.find((name) => !sizes.has(name))
  if (open !== undefined) sizes.set(open, side / known)
}
