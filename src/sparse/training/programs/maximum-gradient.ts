import type { Blocks } from '../../kernels/kernels.js'
import type { Step, Window } from '../../network/network.js'
import type { MaximumGradient } from '../../network/training-operations.js'
import type { Builder, Task } from '../../programs/layout/builder.js'
import { framed, newFlat } from '../../programs/layout/forms.js'
import { imageOf } from '../../programs/layout/layouts.js'
import { paddedImage } from '../../programs/windows/images.js'
import { isPadded, poolMatrix, windowPlace } from '../../programs/windows/matrices.js'
import { offsetsOf, type Place, pick } from '../../programs/windows/multiply.js'
import { newImage } from '../../programs/windows/product.js'
import { type ImagePlace, imagePlace } from './image-place.js'
import type { TrainingBuilder } from './training-builder.js'

/** The gradient of each maximum goes to the first of the largest, or to each of them. */
export function lowerMaximumGradient(
  training: TrainingBuilder,
  { inputs, output }: Step,
  { window, bounds = [-Infinity, Infinity], each = false }: MaximumGradient,
): void {
  const { builder } = training
  const [input, maximum, gradient] = inputs as [number, number, number]
  const image = paddedImage(builder, input, window, -Infinity)
  const from = { place: image.place, row: image.steps.row }
  const [most, of] = [imagePlace(builder, maximum), imagePlace(builder, gradient)]
  const covered = coverOf(window, imageOf(builder.shapeOf(output)), of)
  const to = placeOf(builder, { input, output, window, isWhole: covered.isWhole })
  if (!covered.isWhole) emitZeros(builder, to)
  const { overlap } = covered
  emitGradient(training, { window, bounds, each, overlap, from, to, most, of })
  if (isPadded(window)) emitCrop(builder, output, window, to)
}

/** Where the gradient is written, in an image of some rows as far apart as `row` says. */
interface To {
  readonly place: Place
  /** Floats of one lane. */
  readonly row: number
  readonly rows: number
  /** Floats of a row that are no frame. */
  readonly length: number
}

/** How windows lie in an image. */
function coverOf(
  { size, strides, dilations, padding }: Window,
  [height, width]: readonly [number, number, number],
  of: ImagePlace,
) {
  const axes = [0, 1] as const
  const overlap = axes.some((axis) => size[axis] > strides[axis] || dilations[axis] > 1)
  const [sides, count] = [[height, width] as const, [of.rows, of.columns] as const]
  // Each pixel lies in one window, and no window beyond the image.
  const isWhole =
    !isPadded({ size, strides, dilations, padding }) &&
    !overlap &&
    axes.every((axis) => size[axis] === strides[axis] && count[axis] * size[axis] === sides[axis])
  return { overlap, isWhole }
}

interface Wanted {
  readonly input: number
  readonly output: number
  readonly window: Window
  readonly isWhole: boolean
}

/** Room for the gradient: over the image where that ends, each pixel being read before it is written. */
function placeOf(builder: Builder, { input, output, window, isWhole }: Wanted): To {
  const [height, width, channels] = imageOf(builder.shapeOf(output))
  const [[top, left], [bottom, right]] = window.padding
  if (isPadded(window)) {
    const [row, rows] = [(left + width + right) * channels, top + height + bottom]
    const buffer = builder.room(rows * row * builder.lanes)
    return { place: { buffer, bytes: 0 }, row, rows, length: row }
  }
  const isOver = isWhole && builder.dies(input)
  if (isOver) builder.formsOf(output).flat = framed(builder, input)
  const { place, steps } = isOver ? imagePlace(builder, output) : newImage(builder, output)
  return { place, row: steps.row, rows: height, length: width * channels }
}

/** Rows of an image in a frame are filled one by one: the frame holds zeros already. */
function emitZeros({ emit, kernels, lanes }: Builder, { place, row, rows, length }: To): void {
  const [count, floats] = row === length ? [1, rows * row] : [rows, length]
  emit(() => {
    const first = place.buffer.address + place.bytes
    const fills = Array.from({ length: count }, (_, y) => ({
      ...{ to: first + y * row * lanes * 4, length: floats * lanes, value: 0 },
    }))
    return () => {
      for (const fill of fills) kernels.fill(fill)
    }
  })
}

interface Gradient extends Required<Pick<MaximumGradient, 'window' | 'bounds' | 'each'>> {
  readonly overlap: boolean
  readonly from: Pick<To, 'place' | 'row'>
  readonly to: To
  readonly most: ImagePlace
  readonly of: ImagePlace
}

/** A call for each row of windows. */
function emitGradient({ builder, kernels }: TrainingBuilder, gradient: Gradient): void {
  const { window, bounds, each, overlap, from, to, most, of } = gradient
  const { constants, lanes } = builder
  const { channels } = of
  const matrix = poolMatrix(window, channels, 1)
  const offsetsIn = (row: number) => {
    const offsets = offsetsOf(matrix.columns, (column) => {
      const [y, x, channel] = windowPlace(window, channels, column)
      return (y * row + x * channels + channel) * lanes * 4
    })
    return constants.place(pick(offsets, matrix.indices))
  }
  const [offsets, toOffsets] = [offsetsIn(from.row), offsetsIn(to.row)]
  const places = {
    ...{ outRow: lanes * 4, rows: channels, starts: constants.place(matrix.starts), offsets },
    ...{ toOffsets: toOffsets - offsets, bounds: constants.place(Float32Array.from(bounds)) },
    ...{ overlap, each },
  }
  const pixel = channels * lanes * 4
  const blocks: Blocks = {
    ...{ size: 'narrow', outer: 1, inner: of.columns, inInner: pixel * window.strides[1] },
    ...{ outInner: pixel, inOuter: 0, outOuter: 0, inHalf: 0, outHalf: 0 },
  }
  const addressOf = ({ place, row }: Pick<To, 'place' | 'row'>, y: number) =>
    place.buffer.address + place.bytes + y * row * lanes * 4
  const ofRow = ({ place, steps }: ImagePlace, y: number) => addressOf({ place, row: steps.row }, y)
  builder.emit((): Task => {
    const calls = Array.from({ length: of.rows }, (_, y) => {
      const input = addressOf(from, y * window.strides[0])
      const toGradient = addressOf(to, y * window.strides[0]) - input
      return { ...places, input, toGradient, output: ofRow(of, y), maximum: ofRow(most, y) }
    })
    return () => {
      for (const call of calls) kernels.maximumGradient(blocks, call)
    }
  })
}

/** Takes the image out of its padding. */
function emitCrop(builder: Builder, output: number, { padding }: Window, { place, row }: To): void {
  const [rows, width, channels] = imageOf(builder.shapeOf(output))
  const { buffer } = newFlat(builder, output)
  const { lanes, kernels } = builder
  const [[top, left]] = padding
  builder.emit(() => {
    const length = width * channels * lanes * 4
    const places = {
      from: place.buffer.address + (top * row + left * channels) * lanes * 4,
      ...{ to: buffer.address, planes: 1, fromPlane: 0, toPlane: 0, rows, length },
      ...{ fromStep: row * lanes * 4, toStep: length },
    }
    return () => kernels.copyRows(places)
  })
}
