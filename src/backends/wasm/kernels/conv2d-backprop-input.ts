import type { TensorInfo } from '@tensorflow/tfjs-core'
import { geometryOf, isEmpty } from '../convolution/geometry.js'
import { inputGradient, leavesGaps } from '../convolution/input-gradient.js'
import { indexOf, type KernelMaker, zeros } from '../engine/backend.js'
import { engineOf } from '../engine/engine-of.js'

/** Conv2DBackpropInput as matrix products; the stock kernel is a plain loop. */
export const conv2dBackpropInput: KernelMaker = (stock) => (call) => {
  const { inputs, attrs, backend } = call
  const { dy, filter } = inputs as Record<'dy' | 'filter', TensorInfo>
  if (attrs.dataFormat === 'NCHW' || !engineOf(backend).simd) return stock(call)
  const input = attrs.inputShape as number[]
  const geometry = geometryOf(attrs, { kernel: 'Conv2DBackpropInput', input, filter: filter.shape })
  const partial = isEmpty(geometry) || leavesGaps(geometry)
  const dx = partial ? zeros(backend, input) : backend.makeOutput(input, 'float32')
  const places = {
    dy: indexOf(backend, dy),
    filter: indexOf(backend, filter),
    dx: indexOf(backend, dx),
  }
  inputGradient(backend, places, { geometry, accumulate: false })
  return dx
}
