import type { TensorInfo } from '@tensorflow/tfjs-core'
import { indexOf, type KernelMaker, type WasmBackend, withScratch, zeros } from './backend.js'
import { engineOf, type Gemm } from './engine.js'
import { flattened, type Geometry, geometryOf, isEmpty } from './geometry.js'
import { type Placement, withPlanes } from './image.js'
import { panelsOf } from './panels.js'

/**
 * Conv2DBackpropInput. The pixels of dx that lie one stride apart meet the same part of the filter, so each such grid
 * is a convolution of dy without strides.
 */
export const conv2dBackpropInput: KernelMaker = (stock) => (call) => {
  const { inputs, attrs, backend } = call
  const { dy, filter } = inputs as Record<'dy' | 'filter', TensorInfo>
  if (attrs.dataFormat === 'NCHW' || !engineOf(backend).simd) return stock(call)
  const input = attrs.inputShape as number[]
  const geometry = flattened(geometryOf(attrs, { kernel: 'Conv2DBackpropInput', input, filter: filter.shape }))
  if (isEmpty(geometry)) return zeros(backend, input)
  return inputGradient(backend, { dy, filter, input }, geometry)
}

/** The pixels `first`, `first + stride`, ... of dx along one axis, and the filter's part that they meet. */
interface Grid {
  readonly first: number
  readonly pixels: number
  /** First place of the filter that is met, and how many, each one stride on. */
  readonly tap: number
  readonly taps: number
  /** Place of dy that the first pixel meets with the last of the taps. */
  readonly from: number
}

interface Axis {
  readonly length: number
  readonly filter: number
  readonly stride: number
  readonly padding: number
}

/** Pixel p meets the filter's place t of output o where p + padding = o * stride + t. */
function gridsOf({ length, filter, stride, padding }: Axis): Grid[] {
  return Array.from({ length: Math.min(stride, length) }, (_, first) => {
    const tap = (first + padding) % stride
    const taps = Math.ceil((filter - tap) / stride)
    const from = (first + padding - tap) / stride - (taps - 1)
    return { first, pixels: Math.ceil((length - first) / stride), tap, taps, from }
  }).filter(({ taps }) => taps > 0)
}

/** Space that dy needs along one axis: zeros before it, and the length in all. */
function spaceOf(grids: readonly Grid[], outputs: number): { before: number; length: number } {
  const before = Math.max(0, ...grids.map(({ from }) => -from))
  const last = Math.max(outputs, ...grids.map(({ from, pixels, taps }) => from + pixels - 1 + taps))
  return { before, length: before + last }
}

function inputGradient(
  backend: WasmBackend,
  { dy, filter, input }: { dy: TensorInfo; filter: TensorInfo; input: number[] },
  geometry: Geometry,
): TensorInfo {
  const { batch, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels } = geometry
  const { filterHeight, filterWidth, strideHeight, strideWidth, top, left } = geometry
  const vertical = gridsOf({ length: inHeight, filter: filterHeight, stride: strideHeight, padding: top })
  const horizontal = gridsOf({ length: inWidth, filter: filterWidth, stride: strideWidth, padding: left })
  const [rows, columns] = [spaceOf(vertical, outHeight), spaceOf(horizontal, outWidth)]
  const placement: Placement = {
    ...{ height: outHeight, width: outWidth, channels: outChannels, top: rows.before, left: columns.before },
    ...{ planeHeight: rows.length, planeWidth: columns.length },
  }
  // Where the stride is longer than the filter, some pixels meet none of it and stay 0.
  const sparse =
    vertical.length < Math.min(strideHeight, inHeight) || horizontal.length < Math.min(strideWidth, inWidth)
  const dx = sparse ? zeros(backend, input) : backend.makeOutput(input, 'float32')
  const pairs = vertical.flatMap((y) => horizontal.map((x) => ({ y, x })))
  withFlipped(backend, { filter, pairs, geometry }, (flipped) => {
    const works = pairs.flatMap((pair, index) => worksOf({ ...pair, b: flipped[index]! }, columns.length, geometry))
    withPlanes(backend, { images: dy, placement }, (planeOf) => {
      for (let image = 0; image < batch; image++) {
        const a = planeOf(image) + (rows.before * columns.length + columns.before) * outChannels
        const c = indexOf(backend, dx) + image * inHeight * inWidth * inChannels
        for (const work of works) addRows(backend, work, { a, c })
      }
    })
  })
  return dx
}

interface Pair {
  readonly y: Grid
  readonly x: Grid
}

/** The products of a pair of grids: one per row of pixels, each some steps on. */
interface Work {
  readonly work: Gemm
  readonly rows: number
  readonly a: number
  readonly aStep: number
  readonly b: number
  readonly c: number
  readonly cStep: number
}

function worksOf({ y, x, b }: Pair & { b: number }, planeWidth: number, geometry: Geometry): Work[] {
  const { inWidth, inChannels, outChannels, strideHeight, strideWidth } = geometry
  const aStep = planeWidth * outChannels
  return panelsOf(inChannels).map(({ from, length }) => ({
    rows: y.pixels,
    a: y.from * aStep + x.from * outChannels,
    aStep,
    b: b + from * y.taps * x.taps * outChannels,
    c: (y.first * inWidth + x.first) * inChannels + from,
    cStep: strideHeight * inWidth * inChannels,
    work: {
      rows: x.pixels,
      columns: length,
      outer: y.taps,
      middle: 1,
      inner: x.taps * outChannels,
      rowStep: outChannels,
      outerStep: aStep,
      middleStep: 0,
      innerStep: 1,
      bStep: length,
      cStep: strideWidth * inChannels,
      accumulate: false,
    },
  }))
}

function addRows(
  backend: WasmBackend,
  { work, rows, a, aStep, b, c, cStep }: Work,
  from: { a: number; c: number },
): void {
  const { gemm } = engineOf(backend)
  for (let row = 0; row < rows; row++) gemm(work, { a: from.a + a + row * aStep, b, c: from.c + c + row * cStep })
}

/**
 * Runs `work` with the places of the filter's parts, one per pair: flipped, with the output channels before the input
 * channels, and cut into panels of input channels.
 */
function withFlipped(
  backend: WasmBackend,
  { filter, pairs, geometry }: { filter: TensorInfo; pairs: readonly Pair[]; geometry: Geometry },
  work: (places: readonly number[]) => void,
): void {
  const { filterHeight, filterWidth, inChannels, outChannels: columns, strideHeight, strideWidth } = geometry
  const from = indexOf(backend, filter)
  withScratch(backend, filterHeight * filterWidth * inChannels * columns, (scratch) => {
    const { transpose } = engineOf(backend)
    let to = scratch
    const places = pairs.map(({ y, x }) => {
      const place = to
      for (const panel of panelsOf(inChannels)) {
        for (let tap = y.taps * x.taps - 1; tap >= 0; tap--) {
          const row = y.tap + Math.floor(tap / x.taps) * strideHeight
          const start = ((row * filterWidth + x.tap + (tap % x.taps) * strideWidth) * inChannels + panel.from) * columns
          transpose({ rows: panel.length, columns }, { from: from + start, to })
          to += panel.length * columns
        }
      }
      return place
    })
    work(places)
  })
}
