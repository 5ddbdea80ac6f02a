import type { LayersModel } from '@tensorflow/tfjs-layers'
import { type ModelWeight, modelWeights } from '../internal/model-weights.js'
import type { SkippedLayer } from './prunable-weights.js'
import { type PrunableWeight, selectAmong } from './select-weights.js'
import type { SelectionOptions } from './selection-options.js'

/** A weight that may be pruned, with its variable. */
export type ResolvedWeight = ModelWeight & PrunableWeight

/** A model whose weights are listed and selected once, for all rounds of a run. */
export interface ResolvedModel {
  readonly model: LayersModel
  /** All weights, in the model's order. */
  readonly weights: readonly ModelWeight[]
  /** The weights that may be pruned, in the model's order. */
  readonly prunable: readonly ResolvedWeight[]
  /** Layers that have weights and are left whole. */
  readonly skipped: readonly SkippedLayer[]
  /** Number of all parameters; a shared weight counts once. */
  readonly parameters: number
}

/** Lists and selects the weights of a model. Throws as `selectWeights` does. */
export function resolveModel(model: LayersModel, select: SelectionOptions = {}): ResolvedModel {
  const weights = modelWeights(model)
  const chosen = selectAmong(weights, select)
  const byName = new Map(weights.map((weight) => [weight.name, weight]))
  const prunable = chosen.weights.map((weight) => ({ ...byName.get(weight.name)!, ...weight }))
  const parameters = weights.reduce((sum, { variable }) => sum + variable.size, 0)
  return { model, weights, prunable, skipped: chosen.skipped, parameters }
}
