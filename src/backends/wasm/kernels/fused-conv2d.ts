import type { TensorInfo } from '@tensorflow/tfjs-core'
import { geometryOf } from '../convolution/geometry.js'
import { isRightInStock } from '../convolution/is-right-in-stock.js'
import type { KernelMaker } from '../engine/backend.js'
import { engineOf } from '../engine/engine-of.js'
import { activated } from './activated.js'
import { convolve } from './conv2d.js'

/**
 * FusedConv2D without an activation, as convolution layers without one use it in training; with one
 * where the values of the stock kernel are wrong.
 */
export const fusedConv2d: KernelMaker = (stock) => (call) => {
  const { inputs, attrs, backend } = call
  const { x, filter, bias } = inputs as { x: TensorInfo; filter: TensorInfo; bias?: TensorInfo }
  const fits = !bias || (bias.shape.length === 1 && bias.shape[0] === filter.shape[3])
  if (attrs.dataFormat !== 'NHWC' || !fits) return stock(call)
  const shapes = { input: x.shape, filter: filter.shape }
  const geometry = geometryOf(attrs, { kernel: 'FusedConv2D', ...shapes })
  const { simd, threads } = engineOf(backend)
  const faster = attrs.activation === 'linear' && simd && !threads
  if (!faster && isRightInStock(geometry, attrs.pad)) return stock(call)
  return activated(convolve(backend, { x, filter, bias }, geometry), call)
}
