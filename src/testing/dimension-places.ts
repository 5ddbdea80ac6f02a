import { add, gather, type Tensor, tensor1d } from '@tensorflow/tfjs-core'
import type { Dimension } from '../layer-kinds/layer-kind.js'

type Sizes = ReadonlyMap<Dimension, number>

/** Place along a dimension of a place on an axis; undefined where the axis does not have it. */
export function placeAlong(
  dimension: Dimension,
  place: number,
  { names, sizes }: { readonly names: readonly Dimension[]; readonly sizes: Sizes },
): number | undefined {
  const at = names.indexOf(dimension)
  if (at < 0) return undefined
  const inner = names.slice(at + 1).reduce((product, name) => product * (sizes.get(name) ?? 1), 1)
  return Math.floor(place / inner) % (sizes.get(dimension) ?? 1)
}

/** A place of some dimensions that goes. */
export interface Gone {
  readonly dimensions: readonly Dimension[]
  readonly place: number
}

/** Places on an axis without those that go; all of them where a side of 1 is shared. */
export function placesLeft(
  side: number,
  names: readonly Dimension[],
  { sizes, gone }: { readonly sizes: Sizes; readonly gone: Gone },
): number[] {
  const all = Array.from({ length: side }, (_, place) => place)
  const known = names.reduce((product, name) => product * (sizes.get(name) ?? 1), 1)
  if (known !== side) return all
  return all.filter((place) =>
    gone.dimensions.every(
      (dimension) => placeAlong(dimension, place, { names, sizes }) !== gone.place,
    ),
  )
}

/** The given places of an axis, in a new tensor. */
export function taken(values: Tensor, places: readonly number[], axis: number): Tensor {
  return add(gather(values, tensor1d([...places], 'int32'), axis), 0)
}
