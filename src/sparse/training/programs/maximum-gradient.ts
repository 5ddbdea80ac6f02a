import type { Blocks } from '../../kernels/kernels.js'
import type { Step } from '../../network/network.js'
import type { MaximumGradient } from '../../network/training-operations.js'
import { newFlat } from '../../programs/layout/forms.js'
import { imageOf } from '../../programs/layout/layouts.js'
import { paddedImage } from '../../programs/windows/images.js'
import { poolMatrix, windowPlace } from '../../programs/windows/matrices.js'
import { offsetsOf, pick } from '../../programs/windows/multiply.js'
import { imagePlace } from './image-place.js'
import type { TrainingBuilder } from './training-builder.js'

/** The gradient of each maximum goes to the first of the largest. */
export function lowerMaximumGradient(
  { builder, kernels }: TrainingBuilder,
  { inputs, output }: Step,
  { window }: MaximumGradient,
): void {
  const { constants, lanes } = builder
  const [height, width, channels] = imageOf(builder.shapeOf(output))
  const image = paddedImage(builder, inputs[0]!, window, -Infinity)
  const of = imagePlace(builder, inputs[1]!)
  const [[top, left], [bottom, right]] = window.padding
  const rowOf = (left + width + right) * channels
  const floats = (top + height + bottom) * rowOf * lanes
  const isPadded = rowOf !== width * channels || top + bottom > 0
  const made = isPadded ? builder.room(floats) : newFlat(builder, output).buffer
  const matrix = poolMatrix(window, channels, 1)
  const offsetsIn = (row: number) =>
    constants.place(
      pick(
        offsetsOf(matrix.columns, (column) => {
          const [y, x, channel] = windowPlace(window, channels, column)
          return (y * row + x * channels + channel) * lanes * 4
        }),
        matrix.indices,
      ),
    )
  const [offsets, toOffsets] = [offsetsIn(image.steps.row), offsetsIn(rowOf)]
  const starts = constants.place(matrix.starts)
  const pixel = channels * lanes * 4
  const inInner = pixel * window.strides[1]
  const still = { inOuter: 0, outOuter: 0, inHalf: 0, outHalf: 0 }
  const blocks: Blocks = {
    ...{ size: 'narrow' as const, outer: 1, inner: of.columns, inInner, outInner: pixel, ...still },
  }
  builder.emit(() => {
    const calls = Array.from({ length: of.rows }, (_, y) => {
      const step = y * window.strides[0] * lanes * 4
      const input = image.place.buffer.address + image.place.bytes + step * image.steps.row
      return {
        ...{ input, outRow: lanes * 4, rows: channels, starts, offsets },
        output: of.place.buffer.address + of.place.bytes + y * of.steps.row * lanes * 4,
        toGradient: made.address + step * rowOf - input,
        toOffsets: toOffsets - offsets,
      }
    })
    return () => {
      builder.kernels.fill({ to: made.address, length: floats, value: 0 })
      for (const call of calls) kernels.maximumGradient(blocks, call)
    }
  })
  if (!isPadded) return
  const { buffer } = newFlat(builder, output)
  builder.emit(() => {
    const length = width * pixel
    const places = {
      from: made.address + (top * rowOf + left * channels) * lanes * 4,
      ...{ to: buffer.address, rows: height, length },
      ...{ fromStep: rowOf * lanes * 4, toStep: length },
    }
    return () => builder.kernels.copyRows(places)
  })
}
