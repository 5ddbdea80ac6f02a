import type { TensorInfo } from '@tensorflow/tfjs-core'
import type { KernelMaker } from '../engine/backend.js'

/**
 * Cast to the type that the tensor has already: a second reference to the same memory instead of a
 * copy.
 */
export const cast: KernelMaker = (stock) => (call) => {
  const { x } = call.inputs as { x: TensorInfo }
  if (x.dtype !== call.attrs.dtype || x.dtype === 'string') return stock(call)
  call.backend.incRef(x.dataId)
  return { dataId: x.dataId, shape: x.shape, dtype: x.dtype }
}
