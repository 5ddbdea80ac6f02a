import type { LayersModel } from '@tensorflow/tfjs-layers'
import { whileBusy } from '../internal/busy-models.js'
import { writeValues } from '../internal/weight-values.js'
import { applyBoundMask } from '../masks/apply-mask.js'
import { bindMask } from '../masks/check-mask.js'
import type { Mask } from '../masks/mask.js'
import { resolveModel } from '../select/resolve-model.js'
import { pruningStep } from './pruning-step.js'
import { type ComputeMaskOptions, checkStepOptions } from './step-options.js'

/**
 * Prunes a model as it is, without training: `computeMask` and `applyMask` in one call, and in
 * between what the criterion does to make up for the pruned weights, as `layerwiseObs` does.
 *
 * @param model A built model; its prunable weights are changed in place, all of them or, on an
 *   error, none.
 * @param options As of `computeMask`.
 * @returns The mask that the model now has. No tensor is left behind.
 * @throws {TypeError | RangeError} If `computeMask` would throw.
 * @throws {RangeError} If a compensated weight is not finite.
 * @throws {Error} If another run is training the model or gathering statistics of it.
 *
 * @example
 * ```ts
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { pruneWeights } from 'tfjs-prune'
 *
 * const model = sequential({ layers: [layers.dense({ units: 8, inputShape: [8], useBias: false })] })
 * await pruneWeights(model, { density: 0.25 })
 * const alive = model.getWeights()[0]!.dataSync().filter((value) => value !== 0)
 * if (alive.length !== 16) throw new Error('a quarter of 64 weights')
 * ```
 */
export async function pruneWeights(model: LayersModel, options: ComputeMaskOptions): Promise<Mask> {
  checkStepOptions(options)
  return whileBusy(model, async () => {
    const resolved = resolveModel(model, options.select, options.spareEnds)
    const { mask, updates } = await pruningStep(resolved, options)
    writeValues(resolved.weights, updates)
    applyBoundMask(bindMask(resolved.weights, mask))
    return mask
  })
}
