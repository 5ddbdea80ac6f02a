import type { Merge, Shape, Step } from '../../network/network.js'
import type { Buffer } from '../layout/buffers.js'
import type { Builder } from '../layout/builder.js'
import { flat, newFlat, planes, planesAtHand } from '../layout/forms.js'
import { sizeOf } from '../layout/layouts.js'
import { repitched } from '../layout/repitch.js'
import { sameFlat, samePlanes } from './same-form.js'

const joins: Readonly<Record<Merge['of'], (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  average: (a, b) => a + b,
  multiply: (a, b) => a * b,
  maximum: Math.max,
  minimum: Math.min,
  subtract: (a, b) => a - b,
}

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
  const fast = new Map([
    ['add', add],
    ['average', add],
    ['multiply', multiply],
    ['maximum', largest],
  ]).get(of)
  const join = joins[of]
  builder.emit(() => {
    const calls = rest.map((other, i) => ({
      a: i === 0 ? from.address : to.address,
      b: other.address,
      ...{ out: to.address, length },
    }))
    return () => {
      const floats = builder.floats()
      if (calls.length === 0)
        floats.copyWithin(to.address / 4, from.address / 4, from.address / 4 + length)
      for (const call of calls) {
        if (fast) {
          fast(call)
          continue
        }
        const [a, b, out] = [call.a / 4, call.b / 4, call.out / 4]
        for (let i = 0; i < length; i++) floats[out + i] = join(floats[a + i]!, floats[b + i]!)
      }
      if (of === 'average') divide(floats, to.address / 4, length, rest.length + 1)
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
  const { lanes } = builder
  const shape = builder.shapeOf(output)
  const sources = inputs.map((value) => ({
    buffer: flat(builder, value).buffer,
    places: spreadPlaces(builder.shapeOf(value), shape),
  }))
  const to = newFlat(builder, output).buffer
  const size = sizeOf(shape)
  const join = joins[of]
  builder.emit(() => () => {
    const floats = builder.floats()
    const out = to.address / 4
    sources.forEach(({ buffer, places }, n) => {
      const from = buffer.address / 4
      for (let i = 0; i < size; i++) {
        const [a, b] = [out + i * lanes, from + places[i]! * lanes]
        for (let lane = 0; lane < lanes; lane++)
          floats[a + lane] =
            n === 0 ? floats[b + lane]! : join(floats[a + lane]!, floats[b + lane]!)
      }
    })
    if (of === 'average') divide(floats, out, size * lanes, inputs.length)
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

function divide(floats: Float32Array, first: number, length: number, by: number): void {
  for (let i = first; i < first + length; i++) floats[i]! /= by
}

function isSame(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((side, axis) => side === b[axis])
}
