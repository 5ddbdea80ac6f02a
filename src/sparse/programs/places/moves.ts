import type { Crop, Enlarge, Pad, Permute, Shape, Spread, Step } from '../../network/network.js'
import type { Builder } from '../layout/builder.js'
import { flat, newFlat } from '../layout/forms.js'

/** Operations that only move elements, or put zeros between them. */
export type Move = Permute | Pad | Crop | Enlarge | Spread

/** Copies runs of elements that stay together; a run from nowhere is zeros. */
export function lowerMove(builder: Builder, { inputs, output }: Step, move: Move): void {
  const shape = builder.shapeOf(inputs[0]!)
  const places = placesOf(move, shape, builder.shapeOf(output))
  const length = runLength(places)
  const starts = Int32Array.from(
    { length: places.length / length },
    (_, run) => places[run * length]!,
  )
  const { buffer: from } = flat(builder, inputs[0]!)
  const { buffer: to } = newFlat(builder, output)
  const copyRuns = builder.loops.move({ starts, length, lanes: builder.lanes })
  builder.emit(() => {
    const ends = { from: from.address, to: to.address }
    return () => copyRuns(ends)
  })
}

/** For each element of the outcome its index in the input; below 0 for a zero. */
export function placesOf(move: Move, shape: Shape, outShape: Shape): Int32Array {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1))
  // Each axis of the outcome adds to the index by itself.
  const addends = outShape.map((length, axis) =>
    Array.from({ length }, (_, i) => addend(move, axis, i, { shape, strides })),
  )
  let places = [0]
  for (const axis of addends) {
    places = places.flatMap((place) =>
      axis.map((more) => (place < 0 || more < 0 ? -1 : place + more)),
    )
  }
  return Int32Array.from(places)
}

interface Source {
  readonly shape: Shape
  readonly strides: readonly number[]
}

function addend(move: Move, axis: number, i: number, { shape, strides }: Source): number {
  const inside = (at: number) => (at >= 0 && at < shape[axis]! ? at * strides[axis]! : -1)
  switch (move.kind) {
    case 'permute':
      return i * strides[move.axes[axis]!]!
    case 'pad':
      return inside(i - move.amounts[axis]![0])
    case 'crop':
      return inside(i + move.amounts[axis]![0])
    case 'enlarge':
      return inside(Math.floor(i / move.times[axis]!))
    case 'spread':
      return i % move.steps[axis]! === 0 ? inside(i / move.steps[axis]!) : -1
  }
}

/** The longest length that cuts all elements into runs which stay together. */
function runLength(places: Int32Array): number {
  let length = 0
  let start = 0
  for (let i = 1; i <= places.length; i++) {
    const together =
      i < places.length && (places[i - 1]! < 0 ? places[i]! < 0 : places[i] === places[i - 1]! + 1)
    if (together) continue
    length = commonDivisor(length, i - start)
    start = i
    if (length === 1) break
  }
  return length
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b)
}
