import type { TensorInfo } from '@tensorflow/tfjs-core'
import { inputGradient } from '../convolution/input-gradient.js'
import { sizesOf, slicesOf } from '../convolution/slices.js'
import { indexOf, type KernelMaker, zeros } from '../engine/backend.js'

/** Conv3DBackpropInputV2, slice by slice; the stock kernel gives wrong values. */
export const conv3dBackpropInput: KernelMaker = () => (call) => {
  const { inputs, attrs, backend } = call
  const { dy, filter } = inputs as Record<'dy' | 'filter', TensorInfo>
  const input = attrs.inputShape as number[]
  const { geometry, meetings } = slicesOf(attrs, { input, filter: filter.shape })
  const sizes = sizesOf(geometry)
  const dx = zeros(backend, input)
  for (const slice of meetings) {
    const places = {
      dy: indexOf(backend, dy) + slice.output * sizes.output,
      filter: indexOf(backend, filter) + slice.filter * sizes.filter,
      dx: indexOf(backend, dx) + slice.input * sizes.input,
    }
    inputGradient(backend, places, { geometry, accumulate: true })
  }
  return dx
}
