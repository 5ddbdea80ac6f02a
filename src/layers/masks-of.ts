import type { LayersModel } from '@tensorflow/tfjs-layers'
import { modelWeights } from '../internal/model-weights.js'
import { createMask, type Mask } from '../masks/mask.js'
import { heldWeights, isMaskWeight } from './held-weights.js'

/**
 * Reads the mask back from a model with masking layers, such as a loaded one.
 *
 * @param model A model from {@link withMasks}, or loaded from such a one.
 * @returns The mask, in the model's order; plain data, nothing to dispose. Its `parameters` do not
 *   count the masks.
 * @throws {TypeError} If the model has no masking layers.
 *
 * @example
 * ```ts
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { computeMask, masksOf, withMasks } from 'tfjs-prune'
 *
 * const model = sequential({ layers: [layers.dense({ units: 5, inputShape: [4] })] })
 * const masked = withMasks(model, await computeMask(model, { density: 0.5 }))
 * if (masksOf(masked).kept !== 10) throw new Error('half of 20 weights stay')
 * ```
 */
export function masksOf(model: LayersModel): Mask {
  const held = heldWeights(model)
  if (held.length === 0) {
    throw new TypeError('Cannot read masks: expected a model with masking layers, got one without')
  }
  const weights = held.map(({ name, layer, role, shape, mask }) => {
    return { name, layer, role, shape, values: Uint8Array.from(mask.read().dataSync()) }
  })
  const parameters = modelWeights(model)
    .filter((weight) => !isMaskWeight(weight))
    .reduce((sum, { variable }) => sum + variable.size, 0)
  return createMask(weights, parameters)
}
