import { type TensorInfo, util } from '@tensorflow/tfjs-core'
import { indexOf, type Kernel } from './backend.js'
import { engineOf } from './engine.js'

/** The values where the mask is 1, +0 elsewhere, in one pass. */
export const keepOnly: Kernel = ({ inputs, backend }) => {
  const { values, mask } = inputs as Record<'values' | 'mask', TensorInfo>
  const out = backend.makeOutput(values.shape, 'float32')
  const length = util.sizeFromShape(values.shape)
  const places = {
    values: indexOf(backend, values),
    mask: backend.dataIdMap.get(mask.dataId).memoryOffset,
    out: indexOf(backend, out),
  }
  if (length > 0) engineOf(backend).keepOnly(length, places)
  return out
}
