import { getKernel, Sum, type TensorInfo } from '@tensorflow/tfjs-core'
import { depthwise } from '../convolution/depthwise.js'
import { geometryOf, isEmpty } from '../convolution/geometry.js'
import { tapRunsOf } from '../convolution/tap-runs.js'
import { type Kernel, zeros } from '../engine/backend.js'

/**
 * DepthwiseConv2dNativeBackpropInput: each pixel of the input adds up those of dy that it went into,
 * times the taps. With a channel multiplier, the results of each input channel are added up.
 */
export const depthwiseConv2dNativeBackpropInput: Kernel = ({ inputs, attrs, backend }) => {
  const { dy, filter } = inputs as Record<'dy' | 'filter', TensorInfo>
  const input = attrs.inputShape as number[]
  const kernel = 'DepthwiseConv2dNativeBackpropInput'
  const geometry = geometryOf(attrs, { kernel, input, filter: filter.shape, depthwise: true })
  if (isEmpty(geometry)) return zeros(backend, input)
  const { batch, inHeight, inWidth, inChannels, outChannels, strideHeight, strideWidth } = geometry
  const { dilationHeight, dilationWidth, filterWidth } = geometry
  const dx = depthwise(backend, {
    source: dy,
    filter,
    filterWidth,
    shape: [batch, inHeight, inWidth, outChannels],
    rows: tapRunsOf({
      targets: inHeight,
      sources: geometry.outHeight,
      taps: geometry.filterHeight,
      step: strideHeight,
      sourceOf: (y, i) => (y + geometry.top - i * dilationHeight) / strideHeight,
    }),
    columns: tapRunsOf({
      targets: inWidth,
      sources: geometry.outWidth,
      taps: filterWidth,
      step: strideWidth,
      sourceOf: (x, j) => (x + geometry.left - j * dilationWidth) / strideWidth,
    }),
  })
  if (inChannels === outChannels) return dx
  const x = { ...dx, shape: [batch, inHeight, inWidth, inChannels, outChannels / inChannels] }
  const sum = getKernel(Sum, 'wasm').kernelFunc as unknown as Kernel
  const summed = sum({ inputs: { x }, attrs: { axis: 4, keepDims: false }, backend })
  backend.disposeData(dx.dataId)
  return summed
}
