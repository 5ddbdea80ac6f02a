import type { TensorInfo } from '@tensorflow/tfjs-core'
import type { KernelMaker } from '../engine/backend.js'

/** Identity as a second reference to the same memory, as on the cpu backend, instead of a copy. */
export const identity: KernelMaker = (stock) => (call) => {
  const { x } = call.inputs as { x: TensorInfo }
  if (x.dtype === 'string') return stock(call)
  call.backend.incRef(x.dataId)
  return { dataId: x.dataId, shape: x.shape, dtype: x.dtype }
}
