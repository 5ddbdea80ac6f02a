import { getKernel, type TensorInfo } from '@tensorflow/tfjs-core'
import { depthwise } from '../convolution/depthwise.js'
import { type Geometry, geometryOf, isEmpty } from '../convolution/geometry.js'
import { isRightInStock } from '../convolution/is-right-in-stock.js'
import { tapRunsOf } from '../convolution/tap-runs.js'
import { type Kernel, type KernelCall, type KernelMaker, zeros } from '../engine/backend.js'
import { engineOf } from '../engine/engine-of.js'
import { activated } from './activated.js'

/**
 * DepthwiseConv2dNative straight from the input without its padding. On hosts where the stock one
 * is faster, that is kept where its values are right.
 */
export const depthwiseConv2dNative: KernelMaker = (stock) => (call) => {
  const { attrs, backend } = call
  if (attrs.dataFormat === 'NCHW') return stock(call)
  const geometry = depthwiseGeometry(call, 'DepthwiseConv2dNative')
  const { simd, threads } = engineOf(backend)
  if (isRightInStock(geometry, attrs.pad) && (threads || !simd)) return stock(call)
  return convolveEach(call, geometry)
}

/** FusedDepthwiseConv2D, where the values of the stock one are wrong. */
export const fusedDepthwiseConv2d: KernelMaker = (stock) => (call) => {
  const { inputs, attrs, backend } = call
  if (attrs.dataFormat === 'NCHW') return stock(call)
  const geometry = depthwiseGeometry(call, 'FusedDepthwiseConv2D')
  if (isRightInStock(geometry, attrs.pad)) return stock(call)
  const { bias } = inputs
  const products = convolveEach(call, geometry)
  if (!bias) return activated(products, call)
  const run = getKernel('Add', 'wasm').kernelFunc as unknown as Kernel
  const sums = run({ inputs: { a: products, b: bias }, attrs: {}, backend })
  backend.disposeData(products.dataId)
  return activated(sums, call)
}

function depthwiseGeometry({ inputs, attrs }: KernelCall, kernel: string): Geometry {
  const { x, filter } = inputs as Record<'x' | 'filter', TensorInfo>
  return geometryOf(attrs, { kernel, input: x.shape, filter: filter.shape, depthwise: true })
}

function convolveEach({ inputs, backend }: KernelCall, geometry: Geometry): TensorInfo {
  if (isEmpty(geometry)) return zeros(backend, geometry.outShape)
  const { x, filter } = inputs as Record<'x' | 'filter', TensorInfo>
  const { filterHeight, filterWidth, strideHeight, strideWidth } = geometry
  const { dilationHeight, dilationWidth } = geometry
  return depthwise(backend, {
    source: x,
    filter,
    filterWidth,
    shape: geometry.outShape,
    rows: tapRunsOf({
      targets: geometry.outHeight,
      sources: geometry.inHeight,
      taps: filterHeight,
      step: 1,
      sourceOf: (y, i) => y * strideHeight + i * dilationHeight - geometry.top,
    }),
    columns: tapRunsOf({
      targets: geometry.outWidth,
      sources: geometry.inWidth,
      taps: filterWidth,
      step: 1,
      sourceOf: (x, j) => x * strideWidth + j * dilationWidth - geometry.left,
    }),
  })
}
