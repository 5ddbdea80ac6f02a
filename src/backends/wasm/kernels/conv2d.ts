import type { TensorInfo } from '@tensorflow/tfjs-core'
import { flattened, type Geometry, geometryOf, isEmpty, padded } from '../convolution/geometry.js'
import { withPlanes } from '../convolution/image.js'
import { isRightInStock } from '../convolution/is-right-in-stock.js'
import { indexOf, type KernelMaker, startOf, type WasmBackend } from '../engine/backend.js'
import type { Gemm } from '../engine/engine.js'
import { engineOf } from '../engine/engine-of.js'
import { panelsOf, withPanels } from '../engine/panels.js'

/** Conv2D as one matrix product per row of the output, straight from the padded input. */
export const conv2d: KernelMaker = (stock) => (call) => {
  const { inputs, attrs, backend } = call
  const { x, filter } = inputs as Record<'x' | 'filter', TensorInfo>
  const { simd, threads } = engineOf(backend)
  if (attrs.dataFormat === 'NCHW') return stock(call)
  const geometry = geometryOf(attrs, { kernel: 'Conv2D', input: x.shape, filter: filter.shape })
  if (isRightInStock(geometry, attrs.pad) && (threads || !simd)) return stock(call)
  return convolve(backend, { x, filter }, geometry)
}

/** The convolution of x with the filter, plus the bias. */
export function convolve(
  backend: WasmBackend,
  { x, filter, bias }: { x: TensorInfo; filter: TensorInfo; bias?: TensorInfo | undefined },
  given: Geometry,
): TensorInfo {
  const { out, accumulate } = startOf(backend, {
    shape: given.outShape,
    bias,
    empty: isEmpty(given),
  })
  if (isEmpty(given)) return out
  const geometry = flattened(given)
  const { batch, outChannels, outHeight, outWidth, strideHeight } = geometry
  const placement = padded(geometry)
  const rowSize = placement.planeWidth * geometry.inChannels
  const products = productsOf(geometry, { rowSize, accumulate })
  const c = indexOf(backend, out)
  const { gemm } = engineOf(backend)
  withPanels(
    backend,
    { from: indexOf(backend, filter), rows: rowsOf(geometry), columns: outChannels },
    (b) => {
      withPlanes(backend, { from: indexOf(backend, x), placement }, (planeOf) => {
        for (let image = 0; image < batch; image++) {
          const plane = planeOf(image)
          for (const { bFrom, cFrom, work } of products) {
            for (let y = 0; y < outHeight; y++) {
              const row = c + (image * outHeight + y) * outWidth * outChannels
              gemm(work, { a: plane + y * strideHeight * rowSize, b: b + bFrom, c: row + cFrom })
            }
          }
        }
      })
    },
  )
  return out
}

/** Rows of the filter as a matrix whose columns are the output channels. */
const rowsOf = ({ filterHeight, filterWidth, inChannels }: Geometry): number =>
  filterHeight * filterWidth * inChannels

/** One row of the output, a panel of the filter each. */
function productsOf(
  geometry: Geometry,
  { rowSize, accumulate }: { rowSize: number; accumulate: boolean },
): { bFrom: number; cFrom: number; work: Gemm }[] {
  const { inChannels, outChannels, outWidth, filterHeight, filterWidth, strideWidth } = geometry
  const { dilationHeight, dilationWidth } = geometry
  // Without dilation, the pixels under a row of the filter lie side by side.
  const dense = dilationWidth === 1
  return panelsOf(outChannels).map(({ from, length }) => ({
    bFrom: from * rowsOf(geometry),
    cFrom: from,
    work: {
      rows: outWidth,
      columns: length,
      outer: filterHeight,
      middle: dense ? 1 : filterWidth,
      inner: dense ? filterWidth * inChannels : inChannels,
      rowStep: strideWidth * inChannels,
      outerStep: dilationHeight * rowSize,
      middleStep: dilationWidth * inChannels,
      innerStep: 1,
      bStep: length,
      cStep: outChannels,
      accumulate,
    },
  }))
}
