import type { Merge, Shape, Step } from '../../network/network.js'
import type { Buffer } from '../layout/buffers.js'
import type { Builder } from '../layout/builder.js'
import { flat, newFlat, planes, planesAtHand } from '../layout/forms.js'
import { sizeOf } from '../layout/layouts.js'
import { repitched } from '../layout/repitch.js'
import { sameFlat, samePlanes } from './same-form.js'

export function lowerMerge(builder: Builder, { inputs, output }: Step, { of }: Merge): void {
  const shape = builder.shapeOf(output)
  const [first, ...others] = inputs as [number, ...number[]]
  const same = inputs.every((value) => isSame(builder.shapeOf(value), shape))
  if (!same) {
    mergeSpread(builder, inputs, output, of)
    return
  }
  // The outcome may lie over the first input, which is then no other input as well.
  const keeps = others.includes(first)
  const source = keeps ? { ...builder, dies: () => false } : builder
  if (inputs.every((value) => planesAtHand(builder, value))) {
    const { from, to, floats } = samePlanes(source, first, output)
    const like = planes(builder, first)
    const rest = others.map((value) => repitched(builder, planes(builder, value), like).buffer)
    mergeSame(builder, of, { from, rest, to, length: floats })
    return
  }
  const { from, to, floats } = sameFlat(source, first, output)
  const rest = others.map((value) => flat(builder, value).buffer)
  mergeSame(builder, of, { from, rest, to, length: floats })
}

interface Same {
  readonly from: Buffer
  readonly rest: readonly Buffer[]
  readonly to: Buffer
  readonly length: number
}

function mergeSame(builder: Builder, of: Merge['of'], { from, rest, to, length }: Same): void {
  const { add, multiply, largest } = builder.kernels
  const { loops } = builder
  const fast = new Map([
    ['add', add],
    ['average', add],
    ['multiply', multiply],
    ['maximum', largest],
  ]).get(of)
  const join = fast ?? loops.join(of)
  const average = of === 'average' ? loops.divide(rest.length + 1) : undefined
  builder.emit(() => {
    const calls = rest.map((other, i) => ({
      a: i === 0 ? from.address : to.address,
      b: other.address,
      ...{ out: to.address, length },
    }))
    const alone = { from: from.address, to: to.address, length }
    const sum = { at: to.address, length }
    return () => {
      if (calls.length === 0) loops.copy(alone)
      for (const call of calls) join(call)
      average?.(sum)
    }
  })
}

/** Inputs of which axes of length 1 are spread, by tables of places. */
function mergeSpread(
  builder: Builder,
  inputs: readonly number[],
  output: number,
  of: Merge['of'],
): void {
  const { lanes, loops } = builder
  const shape = builder.shapeOf(output)
  const sources = inputs.map((value, n) => {
    const table = spreadPlaces(builder.shapeOf(value), shape)
    const join = n === 0 ? loops.spread(table, lanes) : loops.joinSpread(of, { table, lanes })
    return { buffer: flat(builder, value).buffer, join }
  })
  const to = newFlat(builder, output).buffer
  const average = of === 'average' ? loops.divide(inputs.length) : undefined
  builder.emit(() => {
    const calls = sources.map(({ buffer, join }) => {
      return { join, places: { from: buffer.address, to: to.address } }
    })
    const sum = { at: to.address, length: sizeOf(shape) * lanes }
    return () => {
      for (const { join, places } of calls) join(places)
      average?.(sum)
    }
  })
}

/** Where each element of a shape lies in a value that is spread to it. */
function spreadPlaces(from: Shape, to: Shape): Int32Array {
  const sides = [...to.slice(from.length).map(() => 1), ...from]
  let places = [0]
  to.forEach((length, axis) => {
    const side = sides[axis]!
    places = places.flatMap((place) =>
      Array.from({ length }, (_, i) => place * side + (side === 1 ? 0 : i)),
    )
  })
  return Int32Array.from(places)
}

function isSame(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((side, axis) => side === b[axis])
}
