import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import { modelWeights } from '../../src/internal/model-weights.js'
import { createMask, type Mask } from '../../src/masks/mask.js'
import { fillWeights } from './weights.js'

/**
 * Dense `hidden` 4-6 (tanh) and `out` 6-2, seeded, no weight is 0: 36 prunable weights, 44
 * parameters.
 */
export function smallModel(seed = 1): LayersModel {
  const hidden = layers.dense({ name: 'hidden', units: 6, activation: 'tanh', inputShape: [4] })
  return fillWeights(
    sequential({ layers: [hidden, layers.dense({ name: 'out', units: 2 })] }),
    seed,
  )
}

/**
 * Prunes every fourth element of all weights of the small model, biases included; every unit stays
 * connected.
 */
export function everyFourth(model: LayersModel): Mask {
  const weights = modelWeights(model).map(({ name, layer, role, shape, variable }) => {
    const values = Uint8Array.from({ length: variable.size }, (_, i) => Number(i % 4 !== 3))
    return { name, layer, role, shape, values }
  })
  return createMask(weights, 44)
}
