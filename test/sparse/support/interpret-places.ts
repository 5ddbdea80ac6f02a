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

/** Indices of all elements of a shape, in row-major order. */
export function indicesOf(shape: Shape): number[][] {
  return shape.reduce<number[][]>(
    (all, side) =>
      all.flatMap((index) => Array.from({ length: side }, (_, place) => [...index, place])),
    [[]],
  )
}

/** The element at an index, 0 outside. */
function at({ values, shape }: Sample, index: readonly number[]): number {
  if (index.some((place, axis) => place < 0 || place >= shape[axis]!)) return 0
  return values[index.reduce((offset, place, axis) => offset * shape[axis]! + place, 0)]!
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
