import type { WasmBackend } from '../engine/backend.js'
import type { Gemm } from '../engine/engine.js'
import { engineOf } from '../engine/engine-of.js'
import { blocksOf } from './blocks.js'
import { flattened, type Geometry, isEmpty, padded } from './geometry.js'
import { withPlanes } from './image.js'

/**
 * dw[i, j, in, out] += sum over images and pixels of x[y * stride + i, x * stride + j, in] * dy[y,
 * x, out]: one matrix product per row of the filter and block of pixels.
 */
export function addFilterGradient(
  backend: WasmBackend,
  { x, dy, dw }: Readonly<Record<'x' | 'dy' | 'dw', number>>,
  given: Geometry,
): void {
  if (isEmpty(given)) return
  const geometry = flattened(given)
  const { batch, inChannels, outChannels, outHeight, outWidth, filterHeight, filterWidth } =
    geometry
  const placement = padded(geometry)
  const rowSize = placement.planeWidth * inChannels
  const products = productsOf(geometry, rowSize)
  const filterRow = filterWidth * inChannels * outChannels
  const { gemm } = engineOf(backend)
  withPlanes(backend, { from: x, placement }, (planeOf) => {
    for (let image = 0; image < batch; image++) {
      const plane = planeOf(image)
      const start = dy + image * outHeight * outWidth * outChannels
      for (const { work, a, b } of products) {
        for (let i = 0; i < filterHeight; i++) {
          gemm(work, { a: plane + a + i * rowSize, b: start + b, c: dw + i * filterRow })
        }
      }
    }
  })
}

/**
 * One row of the filter over a block of pixels, which begins at `a` in the plane and at `b` in dy.
 */
function productsOf(geometry: Geometry, rowSize: number): { work: Gemm; a: number; b: number }[] {
  const { inChannels, outChannels, outWidth, filterWidth, strideHeight, strideWidth } = geometry
  return blocksOf(geometry).map(({ top, left, height, width }) => ({
    a: top * strideHeight * rowSize + left * strideWidth * inChannels,
    b: (top * outWidth + left) * outChannels,
    work: {
      rows: filterWidth * inChannels,
      columns: outChannels,
      outer: 1,
      middle: height,
      inner: width,
      rowStep: 1,
      outerStep: 0,
      middleStep: strideHeight * rowSize,
      innerStep: strideWidth * inChannels,
      bStep: outChannels,
      cStep: outChannels,
      accumulate: true,
    },
  }))
}
