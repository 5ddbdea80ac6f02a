import type { LayersModel } from '@tensorflow/tfjs-layers'
import { type ModelWeight, modelWeights } from '../internal/model-weights.js'
import { type Ends, endsOf } from './ends-of.js'
import { isKernel, type SkippedLayer } from './prunable-weights.js'
import { type PrunableWeight, selectAmong } from './select-weights.js'
import type { SelectionOptions } from './selection-options.js'

/** A weight that may be pruned, with its variable. */
export type ResolvedWeight = ModelWeight & PrunableWeight

/** A weight that may be pruned, whether a layer holds it or not. */
export type PrunableVariable = Omit<ResolvedWeight, 'owner'>

/** Weights that are selected for pruning, of a model of layers or without layers. */
export interface ResolvedWeights {
  /** The weights that may be pruned, in the model's order; ends that are spared stay whole. */
  readonly prunable: readonly PrunableVariable[]
  /** Names of the kernels among them that are spared as ends of the model. */
  readonly spared: readonly string[]
  /** Number of all parameters; a shared weight counts once. */
  readonly parameters: number
  /** The layers that hold them. */
  readonly model?: LayersModel
  /** All weights, in the model's order. */
  readonly weights?: readonly ModelWeight[]
}

/** A model whose weights are listed and selected once, for all rounds of a run. */
export interface ResolvedModel extends Required<ResolvedWeights> {
  readonly prunable: readonly ResolvedWeight[]
  /** Layers that have weights and are left whole. */
  readonly skipped: readonly SkippedLayer[]
}

const NONE: Ends = { first: new Set(), last: new Set() }

/**
 * Lists and selects the weights of a model. Throws as `selectWeights` does. Spared ends keep as much
 * as their limits allow.
 */
export function resolveModel(
  model: LayersModel,
  select: SelectionOptions = {},
  spareEnds = false,
): ResolvedModel {
  const weights = modelWeights(model)
  const chosen = selectAmong(model, weights, select)
  const byName = new Map(weights.map((weight) => [weight.name, weight]))
  const { first, last } = spareEnds ? endsOf(model, weights) : NONE
  const spared: string[] = []
  const prunable = chosen.weights.map((weight) => {
    const resolved = { ...byName.get(weight.name)!, ...weight }
    const { owner } = resolved
    if (!((first.has(owner) || last.has(owner)) && isKernel(resolved))) return resolved
    spared.push(weight.name)
    return { ...resolved, minimumKept: weight.maximumKept }
  })
  const parameters = weights.reduce((sum, { variable }) => sum + variable.size, 0)
  return { model, weights, prunable, spared, skipped: chosen.skipped, parameters }
}
