import { type GradConfig, type Tensor, zeros } from '@tensorflow/tfjs-core'
import { KEEP_ONLY, keepOnly } from '../../../internal/keep-only.js'

/** The gradient of our kernel, for gradients of gradients: what is cut off has none. */
export const keepOnlyGradient: GradConfig = {
  kernelName: KEEP_ONLY,
  inputsToSave: ['mask'],
  gradFunc: (dy, saved) => {
    const [mask] = saved as [Tensor]
    return { values: () => keepOnly(dy as Tensor, mask), mask: () => zeros(mask.shape) }
  },
}
