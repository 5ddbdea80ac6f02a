import { type WasmBackend, withScratch } from '../engine/backend.js'
import type { Gemm } from '../engine/engine.js'
import { engineOf } from '../engine/engine-of.js'
import { panelsOf } from '../engine/panels.js'
import { flattened, type Geometry, isEmpty } from './geometry.js'
import { axesOf, type Grid, spaceOf } from './grids.js'
import { type Placement, withPlanes } from './image.js'

interface InputGradientOptions {
  readonly geometry: Geometry
  /**
   * The gradient is added to the values of dx; otherwise it takes their place, but for pixels that
   * meet no filter.
   */
  readonly accumulate: boolean
}

/**
 * dx = or += the gradient of a convolution. The pixels of dx that lie one stride apart meet the
 * same part of the filter, so each such grid is a convolution of dy without strides.
 */
export function inputGradient(
  backend: WasmBackend,
  { dy, filter, dx }: Readonly<Record<'dy' | 'filter' | 'dx', number>>,
  options: InputGradientOptions,
): void {
  if (isEmpty(options.geometry)) return
  const geometry = flattened(options.geometry)
  const { batch, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels } = geometry
  const { vertical, horizontal } = axesOf(geometry)
  const [rows, columns] = [spaceOf(vertical, outHeight), spaceOf(horizontal, outWidth)]
  const placement: Placement = {
    height: outHeight,
    width: outWidth,
    channels: outChannels,
    top: rows.before,
    left: columns.before,
    planeHeight: rows.length,
    planeWidth: columns.length,
  }
  const pairs = vertical.flatMap((y) => horizontal.map((x) => ({ y, x })))
  withFlipped(backend, { filter, pairs, geometry }, (flipped) => {
    const products = pairs.flatMap((pair, index) =>
      productsOf({ ...pair, b: flipped[index]! }, columns.length, {
        geometry,
        accumulate: options.accumulate,
      }),
    )
    withPlanes(backend, { from: dy, placement }, (planeOf) => {
      for (let image = 0; image < batch; image++) {
        const a = planeOf(image) + (rows.before * columns.length + columns.before) * outChannels
        const c = dx + image * inHeight * inWidth * inChannels
        for (const product of products) multiplyRows(backend, product, { a, c })
      }
    })
  })
}

/** Whether some pixels of dx meet no filter, because the stride is longer than it. */
export function leavesGaps(geometry: Geometry): boolean {
  const { inHeight, inWidth, strideHeight, strideWidth } = geometry
  const { vertical, horizontal } = axesOf(geometry)
  return (
    vertical.length < Math.min(strideHeight, inHeight) ||
    horizontal.length < Math.min(strideWidth, inWidth)
  )
}

interface Pair {
  readonly y: Grid
  readonly x: Grid
}

/** The products of a pair of grids: one per row of pixels, each some steps on. */
interface Product {
  readonly work: Gemm
  readonly rows: number
  readonly a: number
  readonly aStep: number
  readonly b: number
  readonly c: number
  readonly cStep: number
}

function productsOf(
  { y, x, b }: Pair & { b: number },
  planeWidth: number,
  { geometry, accumulate }: InputGradientOptions,
): Product[] {
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
      accumulate,
    },
  }))
}

function multiplyRows(
  backend: WasmBackend,
  { work, rows, a, aStep, b, c, cStep }: Product,
  from: { a: number; c: number },
): void {
  const { gemm } = engineOf(backend)
  for (let row = 0; row < rows; row++)
    gemm(work, { a: from.a + a + row * aStep, b, c: from.c + c + row * cStep })
}

/**
 * Runs `work` with the places of the filter's parts, one per pair: flipped, with the output
 * channels before the input channels, and cut into panels of input channels.
 */
function withFlipped(
  backend: WasmBackend,
  { filter, pairs, geometry }: { filter: number; pairs: readonly Pair[]; geometry: Geometry },
  work: (places: readonly number[]) => void,
): void {
  const {
    filterHeight,
    filterWidth,
    inChannels,
    outChannels: columns,
    strideHeight,
    strideWidth,
  } = geometry
  withScratch(backend, filterHeight * filterWidth * inChannels * columns, (scratch) => {
    const { transpose } = engineOf(backend)
    let to = scratch
    const places = pairs.map(({ y, x }) => {
      const place = to
      for (const panel of panelsOf(inChannels)) {
        for (let tap = y.taps * x.taps - 1; tap >= 0; tap--) {
          const row = y.tap + Math.floor(tap / x.taps) * strideHeight
          const start =
            ((row * filterWidth + x.tap + (tap % x.taps) * strideWidth) * inChannels + panel.from) *
            columns
          transpose({ rows: panel.length, columns }, { from: filter + start, to })
          to += panel.length * columns
        }
      }
      return place
    })
    work(places)
  })
}
