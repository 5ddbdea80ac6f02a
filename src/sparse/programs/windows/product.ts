import type { Product, Step } from '../../network/network.js'
import type { Builder } from '../layout/builder.js'
import { newFlat } from '../layout/forms.js'
import { newFramed } from '../layout/frames.js'
import { type Flat, type Image, imageOf, placeInPlanes } from '../layout/layouts.js'
import { inChunks, isHandedOn } from './chunks.js'
import { paddedImage } from './images.js'
import { pixelLoops } from './loops.js'
import { isPadded, onePixel, windowPlace } from './matrices.js'
import { isDense, type Multiplication, multiplication, type Place } from './multiply.js'
import { asPlanes, inPlanes } from './plane-products.js'

export function lowerProduct(builder: Builder, step: Step, product: Product): void {
  const { inputs, output } = step
  const [input] = inputs as [number]
  const [height, width] = imageOf(builder.shapeOf(output))
  builder.note({
    way: isDense(product.matrix, builder.costs) ? 'dense' : 'sparse',
    multiplyAdds: product.matrix.values.length * height * width,
  })
  const { pending } = builder.formsOf(input)
  if (pending) inChunks(builder, pending, { input, output, product })
  else if (asPlanes(builder, output) && isHandedOn(builder, step))
    builder.formsOf(output).pending = { input, output, product }
  else if (asPlanes(builder, output)) inPlanes(builder, { input, output, product })
  else if (builder.formsOf(input).flat) inPixels(builder, input, output, product)
  else if (height * width === 1 && readsWhole(builder, input, product))
    fromPlanes(builder, input, output, product)
  else inPixels(builder, input, output, product)
}

/** Sums a window in row-major order, pixel by pixel. */
export function inPixels(
  builder: Builder,
  input: number,
  output: number,
  { window = onePixel, ...product }: Omit<Product, 'kind'>,
): void {
  const channels = imageOf(builder.shapeOf(input))[2]
  const image = paddedImage(builder, input, window, 0)
  const { pixel, row } = image.steps
  const to = newImage(builder, output)
  const loops = pixelLoops(builder.lanes, {
    ...to.sides,
    from: { pixel: pixel * window.strides[1], row: row * window.strides[0] },
    to: to.steps,
  })
  emitProduct(builder, {
    ...product,
    ...{ bias: product.bias, bounds: product.bounds, loops },
    ...{ input: image.place, output: to.place, outRow: builder.lanes * 4 },
    offsetOf: (column) => {
      const [y, x, channel] = windowPlace(window, channels, column)
      return y * row + x * pixel + channel
    },
  })
}

/** Sums over all elements of planes. */
function fromPlanes(builder: Builder, input: number, output: number, product: Product): void {
  const planes = builder.formsOf(input).planes!
  builder.keep(planes.buffer)
  const { buffer } = newFlat(builder, output)
  const still = { pixel: 0, row: 0 }
  emitProduct(builder, {
    ...{ matrix: product.matrix, bias: product.bias, bounds: product.bounds },
    loops: pixelLoops(1, { rows: 1, columns: 1, from: still, to: still }),
    ...{ input: { buffer: planes.buffer, bytes: 0 }, output: { buffer, bytes: 0 } },
    outRow: 4,
    offsetOf: (column) => placeInPlanes(planes, column),
  })
}

function emitProduct(builder: Builder, product: Multiplication): void {
  const make = multiplication(builder, product)
  builder.emit(() => make())
}

/** The columns of the matrix are the elements of the input, in their order. */
function readsWhole(builder: Builder, input: number, { window, matrix }: Product): boolean {
  const [height, width, channels] = imageOf(builder.shapeOf(input))
  if (!window) return matrix.columns === height * width * channels
  return !isPadded(window) && window.size[0] === height && window.size[1] === width
}

export interface NewImage {
  readonly flat: Flat
  readonly sides: { readonly rows: number; readonly columns: number }
  readonly place: Place
  readonly steps: { readonly pixel: number; readonly row: number }
}

/** Room for an image in row-major order, and where its pixels lie. */
export function newImage(builder: Builder, output: number): NewImage {
  const [rows, columns, channels]: Image = imageOf(builder.shapeOf(output))
  const flat = newFramed(builder, output)
  const { frame, buffer } = flat
  const width = frame?.width ?? columns
  const first = frame ? frame.top * width + frame.left : 0
  return {
    flat,
    sides: { rows, columns },
    place: { buffer, bytes: first * channels * builder.lanes * 4 },
    steps: { pixel: channels, row: width * channels },
  }
}
