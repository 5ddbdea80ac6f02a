import type { Step } from '../../network/network.js'
import type { ProductGradient } from '../../network/training-operations.js'
import { imageOf } from '../../programs/layout/layouts.js'
import { paddedImage } from '../../programs/windows/images.js'
import { pixelLoops } from '../../programs/windows/loops.js'
import { onePixel, windowPlace } from '../../programs/windows/matrices.js'
import { callsOf, offsetsOf, pick } from '../../programs/windows/multiply.js'
import { imagePlace } from './image-place.js'
import type { TrainingBuilder } from './training-builder.js'

const STILL = { pixel: 0, row: 0 }

/** Sums the gradients of the entries of the matrix, and of the bias. */
export function lowerProductGradient(
  training: TrainingBuilder,
  { inputs }: Step,
  { product: { window = onePixel, matrix, bias } }: ProductGradient,
): void {
  const { builder, kernels, trained, sumsOf } = training
  const { constants, lanes } = builder
  const [input, gradient] = inputs as [number, number]
  const of = imagePlace(builder, gradient)
  const sides = { rows: of.rows, columns: of.columns }
  const outRow = lanes * 4
  if (matrix.values.length > 0 && trained(matrix.values)) {
    const channels = imageOf(builder.shapeOf(input))[2]
    const image = paddedImage(builder, input, window, 0)
    const { pixel, row } = image.steps
    const from = { pixel: pixel * window.strides[1], row: row * window.strides[0] }
    const columns = offsetsOf(matrix.columns, (column) => {
      const [y, x, channel] = windowPlace(window, channels, column)
      return (y * row + x * pixel + channel) * lanes * 4
    })
    const places = {
      ...{ outRow, rows: matrix.rows, starts: constants.place(matrix.starts) },
      ...{ offsets: constants.place(pick(columns, matrix.indices)), sums: sumsOf(matrix.values) },
    }
    const loops = pixelLoops(lanes, { ...sides, from, to: of.steps })
    const ends = { loops, input: image.place, output: of.place }
    builder.emit(callsOf(kernels.productGradient, ends, places))
  }
  if (!bias || !trained(bias)) return
  // A bias has one entry a row, and reads ones at every pixel.
  const ones = constants.derive(training, 'ones', () => new Float32Array(lanes).fill(1))
  const places = {
    ...{ outRow, rows: bias.length, sums: sumsOf(bias) },
    starts: constants.place(Uint32Array.from({ length: bias.length + 1 }, (_, row) => row)),
    offsets: constants.place(new Int32Array(bias.length)),
  }
  const loops = pixelLoops(lanes, { ...sides, from: STILL, to: of.steps })
  const buffer = { bytes: 0, first: 0, last: 0, place: 0, address: ones }
  const ends = { loops, input: { buffer, bytes: 0 }, output: of.place }
  builder.emit(callsOf(kernels.productGradient, ends, places))
}
