import { type TensorInfo, util } from '@tensorflow/tfjs-core'
import { indexOf, type Kernel } from '../engine/backend.js'
import { engineOf } from '../engine/engine-of.js'

/**
 * The values where the mask is 1, +0 elsewhere, in one pass; in place where it may and nothing else
 * shares the memory.
 */
export const keepOnly: Kernel = ({ inputs, attrs, backend }) => {
  const { values, mask } = inputs as Record<'values' | 'mask', TensorInfo>
  const inPlace = attrs.overwrite === true && backend.refCount(values.dataId) === 1
  if (inPlace) backend.incRef(values.dataId)
  const { dataId, shape, dtype } = inPlace ? values : backend.makeOutput(values.shape, 'float32')
  const out = { dataId, shape, dtype }
  const length = util.sizeFromShape(shape)
  const places = {
    values: indexOf(backend, values),
    mask: backend.dataIdMap.get(mask.dataId).memoryOffset,
    out: indexOf(backend, out),
  }
  if (length > 0) engineOf(backend).keepOnly(length, places)
  return out
}
