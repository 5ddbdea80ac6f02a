import { add, tidy } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { checkModel } from '../internal/check-model.js'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { modelWeights } from '../internal/model-weights.js'
import { anything } from '../internal/option-checks.js'
import { stripMasks } from '../layers/strip-masks.js'
import { applyMask } from '../masks/apply-mask.js'
import { checkMask } from '../masks/check-mask.js'
import type { Mask } from '../masks/mask.js'
import { refuseBareMask } from '../masks/refuse-bare-mask.js'

/** Options of {@link strip}. */
export interface StripOptions {
  /** Weights that it prunes are 0 in the copy. @default none: zeros are where the model has them */
  readonly mask?: Mask
}

const task = 'strip the model'
const checks: OptionChecks<StripOptions> = { mask: anything }

/**
 * Copies a model for use elsewhere: stock layers, pruned weights at +0, and no -0 anywhere.
 *
 * Masking layers are turned back into stock ones, as {@link stripMasks} does; a mask is applied to
 * the copy. A -0 in any weight becomes +0: both compute the same, and files are smaller where all
 * zeros have the same bytes. Weights that are kept stay as they are to the last bit where the
 * backend computes in float32 (webgl of some phones does not). The copy loads wherever tfjs does,
 * with nothing registered. Layers are built from their configs: a class of your own must tell all
 * its options in `getConfig`, as for saving.
 *
 * @param model Any LayersModel; it is not changed.
 * @param options A mask that fits it.
 * @returns The new model, not compiled, with the user-defined metadata of the given one (a decision
 *   threshold and its certificate, say); the caller disposes it.
 * @throws {TypeError | RangeError} If the mask does not fit the model; no copy is made then.
 * @throws {TypeError} If the model is disposed, an option does not exist, a layer's class is not
 *   registered with tfjs, or a layer with weights is shared between nested models.
 *
 * @example
 * ```ts
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { computeMask } from 'tfjs-prune'
 * import { strip } from 'tfjs-prune/files'
 *
 * const dense = layers.dense({ units: 8, inputShape: [8], useBias: false })
 * const model = sequential({ layers: [dense] })
 * const plain = strip(model, { mask: await computeMask(model, { density: 0.25 }) })
 * const zeros = [...plain.getWeights()[0]!.dataSync()].filter((value) => Object.is(value, 0))
 * if (zeros.length !== 48) throw new Error('three quarters of the copy are +0')
 * ```
 */
export function strip(model: LayersModel, options: StripOptions = {}): LayersModel {
  checkModel(model, task)
  refuseBareMask(options, task)
  checkOptions(options, { task, checks })
  const { mask } = options
  if (mask !== undefined) checkMask(model, mask)
  const plain = stripMasks(model)
  try {
    if (mask !== undefined) applyMask(plain, mask)
    clearNegativeZeros(plain)
  } catch (error) {
    plain.dispose()
    throw error
  }
  return plain
}

function clearNegativeZeros(model: LayersModel): void {
  for (const { variable } of modelWeights(model)) {
    // -0 + 0 = +0, and x + 0 = x for all others.
    if (variable.dtype === 'float32') tidy(() => variable.assign(add(variable, 0)))
  }
}
