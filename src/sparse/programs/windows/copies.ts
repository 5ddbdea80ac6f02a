import type { Pair } from '../../network/network.js'
import type { Buffer } from '../layout/buffers.js'
import type { Builder } from '../layout/builder.js'
import { flat, planes, planesAtHand } from '../layout/forms.js'
import { imageOf } from '../layout/layouts.js'

/** The pixels of a phase that lie in the image: where they begin there and in the phase. */
export interface Part {
  readonly from: number
  readonly first: number
  readonly count: number
}

/** Pixels of an image, some strides apart, that go to planes; `to` in floats from the buffer. */
export interface Copy {
  readonly y: Part
  readonly x: Part
  readonly to: number
}

export interface Copies {
  readonly buffer: Buffer
  readonly pitch: number
  readonly plane: number
  readonly copies: readonly Copy[]
  readonly strides: Pair
}

/** Copies a value in either form into planes. */
export function emitCopies(builder: Builder, value: number, copies: Copies): void {
  if (planesAtHand(builder, value)) fromPlanes(builder, value, copies)
  else fromFlat(builder, value, copies)
}

function fromPlanes(
  builder: Builder,
  value: number,
  { buffer, pitch, plane, copies, strides }: Copies,
): void {
  const source = planes(builder, value)
  const { kernels } = builder
  const every = strides[1]
  builder.emit(() => {
    const places = copies.map(({ y, x, to }) => ({
      ...{ planes: source.channels, rows: y.count, length: x.count, every },
      from: source.buffer.address + (y.from * source.pitch + x.from) * 4,
      to: buffer.address + to * 4,
      ...{ fromStep: strides[0] * source.pitch * 4, toStep: pitch * 4 },
      ...{ fromPlane: source.plane * 4, toPlane: plane * 4 },
    }))
    if (every > 1)
      return () => {
        for (const place of places) kernels.everyNth(place)
      }
    const rows = places.map((place) => ({ ...place, length: place.length * 4 }))
    return () => {
      for (const place of rows) kernels.copyRows(place)
    }
  })
}

function fromFlat(
  builder: Builder,
  value: number,
  { buffer, pitch, plane, copies, strides }: Copies,
): void {
  const { buffer: source } = flat(builder, value)
  const [, width, channels] = imageOf(builder.shapeOf(value))
  builder.emit(() => {
    const pixel = channels * 4
    const places = copies.map(({ y, x, to }) => ({
      ...{ matrices: y.count, rows: x.count, columns: channels },
      from: source.address + (y.from * width + x.from) * pixel,
      to: buffer.address + to * 4,
      ...{ fromNext: strides[0] * width * pixel, toNext: pitch * 4 },
      ...{ fromStep: strides[1] * pixel, toStep: plane * 4 },
    }))
    return () => {
      for (const place of places) builder.kernels.transpose(place)
    }
  })
}
