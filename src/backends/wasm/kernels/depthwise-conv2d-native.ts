import type { TensorInfo } from '@tensorflow/tfjs-core'
import { depthwise } from '../convolution/depthwise.js'
import { geometryOf, isEmpty } from '../convolution/geometry.js'
import { tapRunsOf } from '../convolution/tap-runs.js'
import type { KernelMaker } from '../engine/backend.js'
import { engineOf } from '../engine/engine-of.js'

/**
 * DepthwiseConv2dNative straight from the input without its padding. On hosts where the stock one
 * is faster, that is kept for the paddings of which 4.22 gives right values: not `same` with a
 * filter smaller than a stride, and not numbers, where filters or strides that are no squares take
 * it beyond its memory.
 */
export const depthwiseConv2dNative: KernelMaker = (stock) => (call) => {
  const { inputs, attrs, backend } = call
  const { x, filter } = inputs as Record<'x' | 'filter', TensorInfo>
  if (attrs.dataFormat === 'NCHW') return stock(call)
  const shapes = { input: x.shape, filter: filter.shape, depthwise: true }
  const geometry = geometryOf(attrs, { kernel: 'DepthwiseConv2dNative', ...shapes })
  const { filterHeight, filterWidth, strideHeight, strideWidth } = geometry
  const { dilationHeight, dilationWidth } = geometry
  const { simd, threads } = engineOf(backend)
  const covers = filterHeight >= strideHeight && filterWidth >= strideWidth
  const right = attrs.pad === 'valid' || (attrs.pad === 'same' && covers)
  if (isEmpty(geometry) || (right && (threads || !simd))) return stock(call)
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
