import type { Buffer } from '../layout/buffers.js'
import type { Builder } from '../layout/builder.js'
import { flat, newPlanes, planes, planesAtHand } from '../layout/forms.js'
import type { Planes } from '../layout/layouts.js'
import { sizeOf } from '../layout/layouts.js'

/** A value and one that is made of it element by element, in the same form. */
export interface SameForm {
  readonly from: Buffer
  /** The same buffer where nobody reads the first value again. */
  readonly to: Buffer
  /** With those between rows of planes, which hold anything. */
  readonly floats: number
  readonly planes?: Planes
}

/** Takes planes where they are at hand. */
export function sameForm(builder: Builder, input: number, output: number): SameForm {
  return planesAtHand(builder, input) && !builder.formsOf(input).flat
    ? samePlanes(builder, input, output)
    : sameFlat(builder, input, output)
}

export function sameFlat(builder: Builder, input: number, output: number): SameForm {
  const { buffer: from } = flat(builder, input)
  const floats = sizeOf(builder.shapeOf(output)) * builder.lanes
  const to = builder.dies(input) ? from : builder.room(floats)
  builder.formsOf(output).flat = { buffer: to }
  return { from, to, floats }
}

export function samePlanes(builder: Builder, input: number, output: number): SameForm {
  const source = planes(builder, input)
  const floats = source.channels * source.plane
  if (!builder.dies(input) || source.changing) {
    const made = newPlanes(builder, output, source)
    return { from: source.buffer, to: made.buffer, floats, planes: made }
  }
  builder.formsOf(output).planes = source
  return { from: source.buffer, to: source.buffer, floats, planes: source }
}
