import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import { fillWeights } from './weights.js'

/** Dense `hidden` 4-6 (relu) and `out` 6-2, seeded, no weight is 0: 36 prunable weights, 44 parameters. */
export function smallModel(seed = 1): LayersModel {
  const hidden = layers.dense({ name: 'hidden', units: 6, activation: 'relu', inputShape: [4] })
  return fillWeights(sequential({ layers: [hidden, layers.dense({ name: 'out', units: 2 })] }), seed)
}
