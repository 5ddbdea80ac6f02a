import type { Blocks } from '../../kernels/kernels.js'
import type { Step } from '../../network/network.js'
import type { MaximumGradient } from '../../network/training-operations.js'
import type { Builder } from '../../programs/layout/builder.js'
import { framed, newFlat } from '../../programs/layout/forms.js'
import { imageOf } from '../../programs/layout/layouts.js'
import { paddedImage } from '../../programs/windows/images.js'
import { poolMatrix, windowPlace } from '../../programs/windows/matrices.js'
import { offsetsOf, type Place, pick } from '../../programs/windows/multiply.js'
import { newImage } from '../../programs/windows/product.js'
import { type ImagePlace, imagePlace } from './image-place.js'
import type { TrainingBuilder } from './training-builder.js'

/** The gradient of each maximum goes to the first of the largest, or to each of them. */
export function lowerMaximumGradient(
  { builder, kernels }: TrainingBuilder,
  { inputs, output }: Step,
  { window, bounds = [-Infinity, Infinity], each = false }: MaximumGradient,
): void {
  const { constants, lanes } = builder
  const [height, width, channels] = imageOf(builder.shapeOf(output))
  const image = paddedImage(builder, inputs[0]!, window, -Infinity)
  const most = imagePlace(builder, inputs[1]!)
  const of = imagePlace(builder, inputs[2]!)
  const [[top, left], [bottom, right]] = window.padding
  const isPadded = top + bottom + left + right > 0
  const { size, strides, dilations } = window
  const overlap = ([0, 1] as const).some(
    (axis) => size[axis] > strides[axis] || dilations[axis] > 1,
  )
  // All pixels of the input lie in windows that do not overlap: each is written once.
  const isWhole =
    !overlap &&
    size.every((side, axis) => side === strides[axis]) &&
    ([0, 1] as const).every(
      (axis) => [of.rows, of.columns][axis]! * size[axis] === [height, width][axis],
    )
  const over = isWhole && !isPadded && builder.dies(inputs[0]!)
  const to = isPadded
    ? undefined
    : over
      ? inPlace(builder, inputs[0]!, output)
      : newImage(builder, output)
  const rowOf = to?.steps.row ?? (left + width + right) * channels
  const floats = (top + height + bottom) * rowOf * lanes
  const made: Place = to?.place ?? { buffer: builder.room(floats), bytes: 0 }
  const limits = constants.place(Float32Array.from(bounds))
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
  const blocks: Blocks = {
    ...{ size: 'narrow' as const, outer: 1, inner: of.columns, inInner, outInner: pixel },
    ...{ inOuter: 0, outOuter: 0, inHalf: 0, outHalf: 0 },
  }
  const startOf = ({ place, steps }: ImagePlace, y: number) =>
    place.buffer.address + place.bytes + y * steps.row * lanes * 4
  builder.emit(() => {
    const calls = Array.from({ length: of.rows }, (_, y) => {
      const step = y * window.strides[0] * lanes * 4
      const input = image.place.buffer.address + image.place.bytes + step * image.steps.row
      return {
        ...{ input, outRow: lanes * 4, rows: channels, starts, offsets },
        ...{ output: startOf(of, y), maximum: startOf(most, y) },
        toGradient: made.buffer.address + made.bytes + step * rowOf - input,
        ...{ toOffsets: toOffsets - offsets, bounds: limits, overlap, each },
      }
    })
    const first = made.buffer.address + made.bytes
    // Rows of an image in a frame are filled one by one: the frame holds zeros already.
    const rows =
      rowOf === width * channels || isPadded ? [0] : Array.from({ length: height }, (_, y) => y)
    const length = rows.length > 1 ? width * channels * lanes : floats
    const fills = isWhole
      ? []
      : rows.map((y) => ({ to: first + y * rowOf * lanes * 4, length, value: 0 }))
    return () => {
      for (const fill of fills) builder.kernels.fill(fill)
      for (const call of calls) kernels.maximumGradient(blocks, call)
    }
  })
  if (!isPadded) return
  const { buffer } = newFlat(builder, output)
  builder.emit(() => {
    const length = width * pixel
    const places = {
      from: made.buffer.address + (top * rowOf + left * channels) * lanes * 4,
      ...{ to: buffer.address, planes: 1, fromPlane: 0, toPlane: 0, rows: height, length },
      ...{ fromStep: rowOf * lanes * 4, toStep: length },
    }
    return () => builder.kernels.copyRows(places)
  })
}

/** Lays the gradient of an image over it: each pixel is read before it is written. */
function inPlace(builder: Builder, input: number, output: number): ImagePlace {
  builder.formsOf(output).flat = framed(builder, input)
  return imagePlace(builder, output)
}
