import { dimensionSizes } from '../layer-kinds/dimension-sizes.js'
import type { Dimension } from '../layer-kinds/layer-kind.js'
import { layoutOf, type TypedWeight } from '../layer-kinds/layout.js'

/** Values of a weight that multiplies, with the way in which they lie in memory. */
export interface Factor {
  readonly values: Float32Array
  /** Distance of neighbours along a dimension; 0 where the weight does not have it. */
  readonly strideOf: (dimension: Dimension) => number
  /** Places of its window. */
  readonly places: number
  /** Elements of one place. */
  readonly perPlace: number
}

interface ReadWeight extends TypedWeight {
  readonly values: Float32Array
}

/** The factors of a layer's linear part, and the sizes of their dimensions, 1 for those without. */
export function factorsOf(weights: readonly ReadWeight[]): {
  factors: Factor[]
  sizeOf: (dimension: Dimension) => number
} {
  const laidOut = weights.map((weight) => ({ ...weight, ...layoutOf(weight) }))
  const sizes = dimensionSizes(laidOut, [
    ['gate', Math.max(1, ...laidOut.map(({ gates }) => gates))],
  ])
  const sizeOf = (dimension: Dimension) => sizes.get(dimension) ?? 1
  return { factors: laidOut.map((weight) => factorOf(weight, sizeOf)), sizeOf }
}

interface LaidOut extends ReadWeight {
  readonly axes: readonly (readonly Dimension[])[]
}

function factorOf(
  { values, shape, axes }: LaidOut,
  sizeOf: (dimension: Dimension) => number,
): Factor {
  const strides = new Map<Dimension, number>()
  let perPlace = 1
  for (let axis = axes.length - 1; axis >= 0 && axes[axis]!.length > 0; axis--) {
    let stride = perPlace
    for (const name of axes[axis]!.toReversed()) {
      strides.set(name, stride)
      stride *= sizeOf(name)
    }
    perPlace *= shape[axis]!
  }
  const places = values.length / perPlace
  return { values, strideOf: (name) => strides.get(name) ?? 0, places, perPlace }
}
