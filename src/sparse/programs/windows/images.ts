import type { Window } from '../../network/network.js'
import type { Builder } from '../layout/builder.js'
import { framed } from '../layout/forms.js'
import { emitBorder } from '../layout/frames.js'
import { imageOf } from '../layout/layouts.js'
import type { Steps } from './loops.js'
import type { Place } from './multiply.js'

/** An image in row-major order; the place is that of the first pixel of its padding. */
export interface PaddedImage {
  readonly place: Place
  readonly steps: Steps
}

/** A value with the padding of a window around it: a copy unless its frame is wide enough. */
export function paddedImage(
  builder: Builder,
  value: number,
  { padding: [before, after] }: Window,
  padding: number,
): PaddedImage {
  const [height, width, channels] = imageOf(builder.shapeOf(value))
  const { buffer, frame } = framed(builder, value)
  const has = frame ?? { top: 0, left: 0, height, width }
  const [top, left] = before
  const needs = { top, left, height: top + height + after[0], width: left + width + after[1] }
  const pixel = channels * builder.lanes * 4
  const isPadded = needs.height > height || needs.width > width
  const fits =
    top <= has.top &&
    left <= has.left &&
    after[0] <= has.height - has.top - height &&
    after[1] <= has.width - has.left - width
  if (fits && (padding === 0 || !isPadded)) {
    const first = (has.top - top) * has.width + has.left - left
    const steps = { pixel: channels, row: has.width * channels }
    return { place: { buffer, bytes: first * pixel }, steps }
  }
  const copy = builder.room(needs.height * needs.width * channels * builder.lanes)
  emitBorder(builder, {
    buffer: copy,
    frame: needs,
    shape: [height, width, channels],
    value: padding,
  })
  builder.emit(() => {
    const places = {
      ...{ planes: 1, fromPlane: 0, toPlane: 0 },
      from: buffer.address + (has.top * has.width + has.left) * pixel,
      to: copy.address + (top * needs.width + left) * pixel,
      rows: height,
      length: width * pixel,
      fromStep: has.width * pixel,
      toStep: needs.width * pixel,
    }
    return () => builder.kernels.copyRows(places)
  })
  const steps = { pixel: channels, row: needs.width * channels }
  return { place: { buffer: copy, bytes: 0 }, steps }
}
