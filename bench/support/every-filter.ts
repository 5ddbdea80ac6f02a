import type { LayersModel } from '@tensorflow/tfjs-layers'
import { createMask, type Mask, selectWeights } from 'tfjs-prune'

/**
 * Keeps one filter in `step` of all kernels but the classifier's: in a residual stream the same
 * ones for all writers.
 */
export function everyFilter(model: LayersModel, { step }: { step: number }): Mask {
  const { weights } = selectWeights(model, { keepLastLayer: true, frozen: true })
  const kept = weights.map(({ size, shape, ...weight }) => {
    const channels = weight.role === 'kernel' ? shape.at(-1)! : shape[2]!
    const values = Uint8Array.from({ length: size }, (_, i) => +((i % channels) % step === 0))
    return { ...weight, shape, values }
  })
  return createMask(kept, model.countParams())
}
