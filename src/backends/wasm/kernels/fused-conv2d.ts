import type { TensorInfo } from '@tensorflow/tfjs-core'
import { geometryOf } from '../convolution/geometry.js'
import type { KernelMaker } from '../engine/backend.js'
import { engineOf } from '../engine/engine-of.js'
import { convolve } from './conv2d.js'

/** FusedConv2D without an activation, as convolution layers without one use it in training. */
export const fusedConv2d: KernelMaker = (stock) => (call) => {
  const { inputs, attrs, backend } = call
  const { x, filter, bias } = inputs as { x: TensorInfo; filter: TensorInfo; bias?: TensorInfo }
  const fits = !bias || (bias.shape.length === 1 && bias.shape[0] === filter.shape[3])
  const ours = attrs.dataFormat === 'NHWC' && attrs.activation === 'linear' && fits
  const { simd, threads } = engineOf(backend)
  if (!ours || !simd || threads) return stock(call)
  const geometry = geometryOf(attrs, {
    kernel: 'FusedConv2D',
    input: x.shape,
    filter: filter.shape,
  })
  return convolve(backend, { x, filter, bias }, geometry)
}
