import type { Step } from '../../network/network.js'
import type { ProductGradient } from '../../network/training-operations.js'
import { imageOf } from '../../programs/layout/layouts.js'
import { paddedImage } from '../../programs/windows/images.js'
import { pixelLoops } from '../../programs/windows/loops.js'
import { onePixel, windowPlace } from '../../programs/windows/matrices.js'
import { callsOf, offsetsOf, pick } from '../../programs/windows/multiply.js'
import { imagePlace } from './image-place.js'
import type { TrainingBuilder } from './training-builder.js'

/** Sums the gradients of the entries of the matrix, and of the bias. */
export function lowerProductGradient(
  { builder, kernels, trained, sumsOf }: TrainingBuilder,
  { inputs }: Step,
  { product: { window = onePixel, matrix, bias } }: ProductGradient,
): void {
  const { constants, lanes } = builder
  const [input, gradient] = inputs as [number, number]
  const of = imagePlace(builder, gradient)
  const channels = imageOf(builder.shapeOf(input))[2]
  const image = paddedImage(builder, input, window, 0)
  const { pixel, row } = image.steps
  const from = { pixel: pixel * window.strides[1], row: row * window.strides[0] }
  const columns = offsetsOf(matrix.columns, (column) => {
    const [y, x, channel] = windowPlace(window, channels, column)
    return (y * row + x * pixel + channel) * lanes * 4
  })
  const isTrained = trained(matrix.values)
  // Rows without entries where the bias alone is trained.
  const starts = isTrained ? matrix.starts : new Uint32Array(matrix.rows + 1)
  const places = {
    ...{ outRow: lanes * 4, rows: matrix.rows, starts: constants.place(starts) },
    offsets: constants.place(pick(columns, matrix.indices)),
    sums: isTrained ? sumsOf(matrix.values) : 0,
    bias: bias && trained(bias) ? sumsOf(bias) : 0,
  }
  const sides = { rows: of.rows, columns: of.columns }
  const loops = pixelLoops(lanes, { ...sides, from, to: of.steps })
  const ends = { loops, input: image.place, output: of.place }
  builder.emit(callsOf(kernels.productGradient, ends, places))
}
