import type { TensorInfo } from '@tensorflow/tfjs-core'
import { addFilterGradient } from '../convolution/filter-gradient.js'
import { sizesOf, slicesOf } from '../convolution/slices.js'
import { indexOf, type KernelMaker, zeros } from '../engine/backend.js'

/**
 * Conv3DBackpropFilterV2, slice by slice; the stock kernel gives wrong values where the stride is
 * not 1.
 */
export const conv3dBackpropFilter: KernelMaker = () => (call) => {
  const { inputs, attrs, backend } = call
  const { x, dy } = inputs as Record<'x' | 'dy', TensorInfo>
  const filter = attrs.filterShape as number[]
  const { geometry, meetings } = slicesOf(attrs, { input: x.shape, filter })
  const sizes = sizesOf(geometry)
  const dw = zeros(backend, filter)
  for (const slice of meetings) {
    const places = {
      x: indexOf(backend, x) + slice.input * sizes.input,
      dy: indexOf(backend, dy) + slice.output * sizes.output,
      dw: indexOf(backend, dw) + slice.filter * sizes.filter,
    }
    addFilterGradient(backend, places, geometry)
  }
  return dw
}
