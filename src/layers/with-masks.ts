import { ones, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { keepOnly } from '../internal/keep-only.js'
import { checkOwn } from '../internal/lent-weights.js'
import { type BoundWeight, boundWeights } from '../masks/check-mask.js'
import type { Mask } from '../masks/mask.js'
import { heldWeights } from './held-weights.js'
import { maskingName } from './masking-class.js'
import { rebuildModel } from './rebuild-model.js'
import { maskableLayers, registerLayers } from './register-layers.js'

/**
 * Copies a model with its masked layers replaced by masking ones: they compute with mask * weight.
 *
 * Pruned weights are 0 in the forward pass and get the gradient 0, regularizers included, so that
 * no optimizer moves them, in `model.fit` and in own loops. The mask is part of the new model and
 * is saved with it. Layers, nested models, sharing within a model, names, weights, `trainable` and
 * metadata are those of the given model. `maskedOptimizer` does the same without a new model.
 *
 * @param model The model to copy; it is not changed. Not one with masking layers: use
 *   {@link stripMasks} on it first.
 * @param mask A mask that fits it. Layers can be Dense, Conv1D to Conv3D, their transposed forms,
 *   DepthwiseConv2D, SeparableConv2D, SimpleRNN, GRU, LSTM, ConvLSTM2D, Embedding, and classes of
 *   {@link registerLayerKind} that have kernels and are registered with tfjs; also in
 *   `TimeDistributed` and `Bidirectional`.
 * @returns The new model, not compiled; the caller disposes it. `getWeights` lists a bool mask
 *   behind the weights of each masking layer, and `countParams` counts it.
 * @throws {TypeError | RangeError} If the mask does not fit the model.
 * @throws {TypeError} If the model has masking layers already, the mask names a layer of another
 *   class, a layer's class is not registered with tfjs, or a layer with weights is shared between
 *   nested models.
 *
 * @example
 * ```ts
 * import { randomNormal } from '@tensorflow/tfjs-core'
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { computeMask, stripMasks, withMasks } from 'tfjs-prune'
 *
 * const dense = layers.dense({ units: 4, inputShape: [4], useBias: false })
 * const model = sequential({ layers: [dense] })
 * const masked = withMasks(model, await computeMask(model, { density: 0.25 }))
 * masked.compile({ optimizer: 'adam', loss: 'meanSquaredError' })
 * await masked.fit(randomNormal([16, 4]), randomNormal([16, 4]), { epochs: 3, verbose: 0 })
 * const alive = stripMasks(masked).getWeights()[0]!.dataSync().filter((value) => value !== 0)
 * if (alive.length > 4) throw new Error('pruned weights came back')
 * ```
 */
export function withMasks(model: LayersModel, mask: Mask): LayersModel {
  const bound = boundWeights(model, mask)
  checkOwn(model, 'mask the model')
  checkMaskable(model, bound)
  registerLayers()
  const masked = rebuildModel(model, (layer, paths) => {
    const maskedWeights = mask.weights
      .filter((weight) => paths.includes(weight.layer))
      .map(({ role }) => role)
    if (maskedWeights.length === 0) return layer
    const config = { ...layer.config, maskedWeights: [...new Set(maskedWeights)] }
    return { ...layer, className: maskingName(layer.className), config }
  })
  writeMasks(masked, mask)
  return masked
}

function checkMaskable(model: LayersModel, bound: readonly BoundWeight[]): void {
  const [held] = heldWeights(model)
  if (held) {
    const wanted = 'expected one without masking layers (see stripMasks)'
    throw new TypeError(
      `Cannot mask the model: ${wanted}, got ${held.owner.getClassName()} at ${held.layer}`,
    )
  }
  const known = maskableLayers()
  for (const { masked, weight } of bound) {
    const className = weight.owner.getClassName()
    if (known.includes(className)) continue
    const wanted = `expected ${masked.layer} to be one of ${known.join(', ')}`
    throw new TypeError(
      `Cannot mask the model: ${wanted}, got ${className} (maskedOptimizer holds any layer)`,
    )
  }
}

/** Writes each mask and +0 into the weights that it prunes. */
function writeMasks(model: LayersModel, mask: Mask): void {
  const byName = new Map(mask.weights.map((weight) => [weight.name, weight]))
  const held = heldWeights(model)
  const placed = new Set(held.map(({ name }) => name))
  const left = mask.weights.find(({ name }) => !placed.has(name))
  if (left) {
    model.dispose()
    const wanted = `expected ${left.name} outside of wrappers of nested layers`
    throw new TypeError(
      `Cannot mask the model: ${wanted}, got a layer within one (maskedOptimizer holds any layer)`,
    )
  }
  for (const { name, shape, variable, mask: target } of held) {
    // One direction of a Bidirectional layer may be masked alone; the other one then keeps
    // everything.
    const values = byName.get(name)?.values
    tidy(() => {
      const kept: Tensor = values ? tensor(values, [...shape], 'bool') : ones([...shape], 'bool')
      target.write(kept)
      variable.assign(keepOnly(variable, kept))
    })
  }
}
