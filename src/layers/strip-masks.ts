import { tidy } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { keepOnly } from '../internal/keep-only.js'
import { checkOwn } from '../internal/lent-weights.js'
import { modelWeights } from '../internal/model-weights.js'
import { heldWeights } from './held-weights.js'
import { stockName } from './masking-class.js'
import { rebuildModel } from './rebuild-model.js'

/**
 * Copies a model with its masking layers turned back into stock tfjs layers, pruned weights at +0.
 *
 * The copy computes the same outputs to the last bit, and loads anywhere without this package.
 *
 * @param model A model from {@link withMasks}, or loaded from such a one; it is not changed. A
 *   model without masking layers yields a plain copy.
 * @returns The new model, not compiled; the caller disposes it.
 * @throws {TypeError} If a layer's class is not registered with tfjs, or a layer with weights is
 *   shared between nested models.
 * @throws {Error} If statistics of the model are gathered with other weights: await that call first.
 *
 * @example
 * ```ts
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { computeMask, stripMasks, withMasks } from 'tfjs-prune'
 *
 * const model = sequential({ layers: [layers.dense({ units: 2, inputShape: [4] })] })
 * const plain = stripMasks(withMasks(model, await computeMask(model, { density: 0.5 })))
 * if (plain.layers[0]!.getClassName() !== 'Dense') throw new Error('only stock layers are left')
 * ```
 */
export function stripMasks(model: LayersModel): LayersModel {
  const held = new Map(heldWeights(model).map(({ name, mask }) => [name, mask.read()]))
  checkOwn(model, 'copy the model')
  const stripped = rebuildModel(model, (layer) => {
    const className = stockName(layer.className)
    if (className === undefined) return layer
    const { maskedWeights: _, ...config } = layer.config
    return { ...layer, className, config }
  })
  for (const { name, variable } of modelWeights(stripped)) {
    const mask = held.get(name)
    if (mask) tidy(() => variable.assign(keepOnly(variable, mask)))
  }
  return stripped
}
