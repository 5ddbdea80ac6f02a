import type { CopyPlaces, EveryPlaces } from '../../kernels/kernels.js'
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

/** Neighbours in memory are worth so many times the calls. */
const FEWER = 4

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
  const { channels } = source
  const { kernels } = builder
  builder.emit(() => {
    const runs = copies.flatMap(({ y, x, to }) => {
      const from = source.buffer.address + (y.from * source.pitch + x.from) * 4
      const at = buffer.address + to * 4
      const [fromRow, toRow] = [strides[0] * source.pitch * 4, pitch * 4]
      const [fromPlane, toPlane] = [source.plane * 4, plane * 4]
      const length = x.count
      // Rows of one channel at a time, or one row of all channels where that is far fewer calls.
      if (channels <= y.count * FEWER)
        return Array.from({ length: channels }, (_, channel) => ({
          ...{ from: from + channel * fromPlane, to: at + channel * toPlane },
          ...{ rows: y.count, length, fromStep: fromRow, toStep: toRow },
        }))
      return Array.from({ length: y.count }, (_, row) => ({
        ...{ from: from + row * fromRow, to: at + row * toRow },
        ...{ rows: channels, length, fromStep: fromPlane, toStep: toPlane },
      }))
    })
    if (strides[1] === 1) {
      const places: CopyPlaces[] = runs.map((run) => ({ ...run, length: run.length * 4 }))
      return () => {
        for (const place of places) kernels.copyRows(place)
      }
    }
    const places: EveryPlaces[] = runs.map((run) => ({ ...run, every: strides[1] }))
    return () => {
      for (const place of places) kernels.everyNth(place)
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
