import type { Builder } from './builder.js'
import { type Flat, imageOf, type Planes, type Run, sizeOf } from './layouts.js'

/** A value in row-major order, converted where it is not at hand; maybe inside a frame. */
export function framed(builder: Builder, value: number): Flat {
  const forms = builder.formsOf(value)
  forms.flat ??= fromPlanes(builder, forms.planes!)
  builder.keep(forms.flat.buffer)
  return forms.flat
}

/** A value in row-major order, alone. */
export function flat(builder: Builder, value: number): Flat {
  const found = framed(builder, value)
  if (found.frame) throw new Error('a framed value is read by a step that knows no frames')
  return found
}

/** Room for a value in row-major order. */
export function newFlat(builder: Builder, value: number): Flat {
  const buffer = builder.room(sizeOf(builder.shapeOf(value)) * builder.lanes)
  builder.formsOf(value).flat = { buffer }
  return { buffer }
}

/** A value as planes of its own shape, converted where it is not at hand. */
export function planes(builder: Builder, value: number): Planes {
  const found = planesAtHand(builder, value)
  if (found) {
    builder.keep(found.buffer)
    return found
  }
  const made = fromFlat(builder, flat(builder, value), value)
  builder.formsOf(value).planes = made
  return made
}

/** The planes of a value; none where it has another shape than they. */
export function planesAtHand(builder: Builder, value: number): Planes | undefined {
  const { planes } = builder.formsOf(value)
  if (!planes) return undefined
  const [height, width, channels] = imageOf(builder.shapeOf(value))
  const same = planes.height === height && planes.width === width && planes.channels === channels
  return same ? planes : undefined
}

/** Room for planes like others, as a form of a value; lasting where some channels never change. */
export function newPlanes(
  builder: Builder,
  value: number,
  like: Omit<Planes, 'buffer' | 'changing'>,
  changing?: readonly Run[],
): Planes {
  const { height, width, channels, pitch, plane } = like
  const floats = channels * plane
  const buffer = changing ? builder.lastingRoom(floats, 0) : builder.room(floats)
  const made = { buffer, height, width, channels, pitch, plane, ...(changing && { changing }) }
  builder.formsOf(value).planes = made
  return made
}

function fromPlanes(builder: Builder, planes: Planes): Flat {
  const { buffer: from, height, width, channels, pitch, plane } = planes
  builder.keep(from)
  const to = builder.room(height * width * channels)
  // Rows without a gap between them are one.
  const [matrices, columns] = pitch === width ? [1, height * width] : [height, width]
  builder.emit(() => {
    const places = {
      ...{ matrices, rows: channels, columns, from: from.address, to: to.address },
      ...{ fromNext: pitch * 4, toNext: width * channels * 4 },
      ...{ fromStep: plane * 4, toStep: channels * 4 },
    }
    return () => builder.kernels.transpose(places)
  })
  return { buffer: to }
}

function fromFlat(builder: Builder, { buffer: from }: Flat, value: number): Planes {
  const [height, width, channels] = imageOf(builder.shapeOf(value))
  const pixels = height * width
  if (channels === 1) return { buffer: from, height, width, channels, pitch: width, plane: pixels }
  const buffer = builder.room(pixels * channels)
  builder.emit(() => {
    const places = {
      ...{ matrices: 1, fromNext: 0, toNext: 0, from: from.address, to: buffer.address },
      ...{ rows: pixels, columns: channels, fromStep: channels * 4, toStep: pixels * 4 },
    }
    return () => builder.kernels.transpose(places)
  })
  return { buffer, height, width, channels, pitch: width, plane: pixels }
}
