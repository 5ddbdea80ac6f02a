import type {
  Concatenate,
  Crop,
  Enlarge,
  Merge,
  Pad,
  Permute,
  Shape,
  Spread,
} from '../../../src/sparse/network/network.js'
import type { Sample } from './interpret.js'

/** The shape of a value is one object for all samples of a network. */
const listed = new WeakMap<Shape, readonly (readonly number[])[]>()

/** Indices of all elements of a shape, in row-major order. */
export function indicesOf(shape: Shape): readonly (readonly number[])[] {
  const known = listed.get(shape)
  if (known) return known
  let all: number[][] = [[]]
  for (const side of shape) {
    const next: number[][] = []
    for (const index of all) for (let place = 0; place < side; place++) next.push([...index, place])
    all = next
  }
  listed.set(shape, all)
  return all
}

/** The element at an index, 0 outside. */
function at({ values, shape }: Sample, index: readonly number[]): number {
  let offset = 0
  for (let axis = 0; axis < index.length; axis++) {
    const [place, side] = [index[axis]!, shape[axis]!]
    if (place < 0 || place >= side) return 0
    offset = offset * side + place
  }
  return values[offset]!
}

/** Operations that only move elements, or put zeros between them. */
export function arranged(
  operation: Permute | Pad | Crop | Enlarge | Spread,
  input: Sample,
  shape: Shape,
): number[] {
  return indicesOf(shape).map((index) => at(input, placeBefore(operation, index)))
}

/** Where the element at an index comes from; outside the input for a zero. */
function placeBefore(
  operation: Permute | Pad | Crop | Enlarge | Spread,
  index: readonly number[],
): number[] {
  switch (operation.kind) {
    case 'permute': {
      const from: number[] = []
      for (const [i, axis] of operation.axes.entries()) from[axis] = index[i]!
      return from
    }
    case 'pad':
      return index.map((place, axis) => place - operation.amounts[axis]![0])
    case 'crop':
      return index.map((place, axis) => place + operation.amounts[axis]![0])
    case 'enlarge':
      return index.map((place, axis) => Math.floor(place / operation.times[axis]!))
    case 'spread':
      return index.map((place, axis) => {
        const step = operation.steps[axis]!
        return place % step === 0 ? place / step : -1
      })
  }
}

/** Inputs have the rank of the outcome. */
export function merged({ of }: Merge, inputs: readonly Sample[], shape: Shape): number[] {
  return indicesOf(shape).map((index) => {
    const places = inputs.map((input) =>
      index.map((place, axis) => (input.shape[axis] === 1 ? 0 : place)),
    )
    const values = inputs.map((input, i) => at(input, places[i]!))
    return mergedValue(of, values)
  })
}

function mergedValue(of: Merge['of'], values: readonly number[]): number {
  const total = values.reduce((sum, x) => sum + x, 0)
  switch (of) {
    case 'add':
      return total
    case 'average':
      return total / values.length
    case 'multiply':
      return values.reduce((all, x) => all * x, 1)
    case 'maximum':
      return Math.max(...values)
    case 'minimum':
      return Math.min(...values)
    case 'subtract':
      return values[0]! - values[1]!
  }
}

export function concatenated(
  { axis }: Concatenate,
  inputs: readonly Sample[],
  shape: Shape,
): number[] {
  return indicesOf(shape).map((index) => {
    const from = [...index]
    for (const input of inputs) {
      if (from[axis]! < input.shape[axis]!) return at(input, from)
      from[axis]! -= input.shape[axis]!
    }
    throw new Error('inputs of a concatenation are too short')
  })
}
