import type { LayersModel } from '@tensorflow/tfjs-layers'
import { type ArtifactSource, checkSource, isLayersModel } from '../artifacts/model-source.js'
import { whileBusy } from '../internal/busy-models.js'
import { writeValues } from '../internal/weight-values.js'
import { applyBoundMask } from '../masks/apply-mask.js'
import { bindMask } from '../masks/check-mask.js'
import type { Mask } from '../masks/mask.js'
import { resolveModel } from '../select/resolve-model.js'
import { type PrunedArtifacts, pruneArtifacts } from './prune-artifacts.js'
import type { PruneArtifactsOptions } from './prune-artifacts-options.js'
import { pruningStep } from './pruning-step.js'
import { type ComputeMaskOptions, checkedStepOptions, task } from './step-options.js'

/**
 * Prunes a model as it is, without training: `computeMask` and `applyMask` in one call, and in
 * between what the criterion does to make up for the pruned weights, as `layerwiseObs` does.
 *
 * A graph model has no layers to train: it is pruned once, by its weights alone, and the answer is
 * new artifacts. Its prunable weights are those that an operation multiplies with or looks up in;
 * shapes, indices, biases and factors stay. Whether it misses more than before is not known unless
 * `evaluate` counts the misses, and the report says so.
 *
 * A certificate that comes with a model stays in its metadata: `decisionThreshold` and the functions
 * that save refuse it, since it is of other weights.
 *
 * @param model A built model; its prunable weights are changed in place, all of them or, on an
 *   error, none. Or a GraphModel, a handler that loads a model, or artifacts, also weights without
 *   a topology: these stay as they are.
 * @param options As of `computeMask`. Without layers: density, a criterion of weights alone,
 *   allocation, `elements()` or `nOfM()`, names to include and to leave out, and `evaluate`.
 * @returns The mask that the model now has; no tensor is left behind. Without layers: artifacts
 *   with zeros, the mask and a report, all of it plain data.
 * @throws {TypeError | RangeError} If `computeMask` would throw, or an option needs layers and
 *   there are none.
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
 *
 * // Artifacts, as those of a graph model.
 * const weightSpecs = [{ name: 'filters', shape: [2, 2], dtype: 'float32' as const }]
 * const weightData = Float32Array.of(4, -3, 2, 1).buffer
 * const { mask, report } = await pruneWeights({ weightSpecs, weightData }, { density: 0.5 })
 * if (mask.weights[0]!.values.join() !== '1,1,0,0') throw new Error('the larger half stays')
 * if (!report.misses.startsWith('not measured')) throw new Error('nobody counted misses')
 * ```
 */
export async function pruneWeights(model: LayersModel, options: ComputeMaskOptions): Promise<Mask>
export async function pruneWeights<S extends ArtifactSource>(
  source: S,
  options: PruneArtifactsOptions<S>,
): Promise<PrunedArtifacts>
export async function pruneWeights(
  model: LayersModel | ArtifactSource,
  options: ComputeMaskOptions | PruneArtifactsOptions,
): Promise<Mask | PrunedArtifacts> {
  checkSource(model, task)
  return isLayersModel(model) ? pruneLayers(model, options) : pruneArtifacts(model, options)
}

async function pruneLayers(model: LayersModel, options: ComputeMaskOptions): Promise<Mask> {
  const own = checkedStepOptions(options)
  return whileBusy(model, async () => {
    const resolved = resolveModel(model, options.select, options.spareEnds)
    const { mask, updates } = await pruningStep(resolved, own)
    writeValues(resolved.weights, updates)
    applyBoundMask(bindMask(resolved.weights, mask))
    return mask
  })
}
