import type { Builder } from '../../programs/layout/builder.js'
import { framed } from '../../programs/layout/forms.js'
import { imageOf } from '../../programs/layout/layouts.js'
import type { Steps } from '../../programs/windows/loops.js'
import type { Place } from '../../programs/windows/multiply.js'

/** An image as it is at hand, maybe within a frame; steps count floats of one lane. */
export interface ImagePlace {
  readonly place: Place
  readonly steps: Steps
  readonly rows: number
  readonly columns: number
  readonly channels: number
}

/** Where a value lies. It is kept until now. */
export function imagePlace(builder: Builder, value: number): ImagePlace {
  const [rows, columns, channels] = imageOf(builder.shapeOf(value))
  const { buffer, frame } = framed(builder, value)
  const width = frame?.width ?? columns
  const first = frame ? frame.top * width + frame.left : 0
  return {
    place: { buffer, bytes: first * channels * builder.lanes * 4 },
    steps: { pixel: channels, row: width * channels },
    ...{ rows, columns, channels },
  }
}

/** Runs of floats that lie side by side in each of some images: whole ones, or their rows. */
export function runsOf(images: readonly ImagePlace[], lanes: number) {
  const { rows, columns, channels } = images[0]!
  const isWhole = images.every(({ steps }) => steps.row === columns * channels)
  const [count, length] = isWhole ? [1, rows * columns * channels] : [rows, columns * channels]
  return {
    count,
    length: length * lanes,
    startOf: ({ place, steps }: ImagePlace, run: number) =>
      place.buffer.address + place.bytes + run * steps.row * lanes * 4,
  }
}
