import type { TensorInfo } from '@tensorflow/tfjs-core'
import { addFilterGradient } from '../convolution/filter-gradient.js'
import { geometryOf } from '../convolution/geometry.js'
import { indexOf, type Kernel, zeros } from '../engine/backend.js'

/** Conv2DBackpropFilter, which the backend lacks. */
export const conv2dBackpropFilter: Kernel = ({ inputs, attrs, backend }) => {
  const { x, dy } = inputs as Record<'x' | 'dy', TensorInfo>
  const filter = attrs.filterShape as number[]
  const geometry = geometryOf(attrs, { kernel: 'Conv2DBackpropFilter', input: x.shape, filter })
  const dw = zeros(backend, filter)
  const places = { x: indexOf(backend, x), dy: indexOf(backend, dy), dw: indexOf(backend, dw) }
  addFilterGradient(backend, places, geometry)
  return dw
}
