import type { LayersModel } from '@tensorflow/tfjs-layers'
import { countParameters, modelWeights } from '../../src/internal/model-weights.js'
import { createMask, type Mask } from '../../src/masks/mask.js'

/**
 * Drops every second filter of the expanding 1x1 convolutions of MobileNetV2, and the same channels
 * of the depthwise kernels behind them: what its graph lets go without the residual streams.
 */
export function halfOfTheExpansions(model: LayersModel): Mask {
  const weights = modelWeights(model)
    .filter(({ name }) => /^block_\d+_(expand\/kernel|depthwise\/depthwise_kernel)$/.test(name))
    .map(({ name, layer, role, shape, variable }) => {
      const channels = role === 'kernel' ? shape[3]! : shape[2]!
      const values = Uint8Array.from({ length: variable.size }, (_, i) => 1 - ((i % channels) % 2))
      return { name, layer, role, shape, values }
    })
  return createMask(weights, countParameters(model))
}
