import { engine, util } from '@tensorflow/tfjs-core'

/** The bytes of a mask on the backend, 1 = kept. */
export interface MaskData {
  readonly dataId: object
  readonly size: number
}

/** The mask with this identity, while it is in use. */
export function maskData(dataId: object | undefined): MaskData | undefined {
  const info = dataId && engine().state.tensorInfo.get(dataId)
  return info && { dataId, size: util.sizeFromShape(info.shape) }
}
