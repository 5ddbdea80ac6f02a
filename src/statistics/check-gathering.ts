import type { LayersModel } from '@tensorflow/tfjs-layers'
import { type ModelWeight, modelWeights } from '../internal/model-weights.js'
import type { Gather, ScoringSamples } from '../types.js'
import { checkNeeds } from './check-needs.js'
import { type LabelledSamples, withLabels } from './labelled-samples.js'
import { type FullNeed, isFromSamples, needsOf } from './needs.js'
import { checkScoringSamples } from './scoring-samples.js'

/**
 * Throws unless the weights can have the statistics that are needed, and the samples for them are
 * there and fit the model.
 */
export async function checkGathering(
  model: LayersModel,
  { needs: asked, weights, samples, signal }: Parameters<NonNullable<Gather['check']>>[1],
): Promise<void> {
  const needs = needsOf({ needs: asked })
  await withSamples(samples, { model, needs, signal }, () => {
    checkNeeds(model, { needs, weights: weightsOf(model, weights) })
  })
}

/** The weights of these names, in the model's order. */
export function weightsOf(model: LayersModel, names: readonly string[]): ModelWeight[] {
  const wanted = new Set(names)
  return modelWeights(model).filter(({ name }) => wanted.has(name))
}

interface Wanted {
  readonly model: LayersModel
  readonly needs: readonly FullNeed[]
  readonly signal?: AbortSignal | undefined
}

/**
 * Does work with the samples that the needs ask for, undefined if they ask for none. Throws unless
 * they are there and fit the model.
 */
export async function withSamples<T>(
  samples: ScoringSamples | undefined,
  { model, needs, signal }: Wanted,
  work: (samples: LabelledSamples | undefined) => T | Promise<T>,
): Promise<T> {
  const first = needs.find(isFromSamples)
  if (!first) return work(undefined)
  if (samples === undefined) {
    throw new RangeError(
      `Cannot score: expected samples for the ${first.statistic} of the criterion, got none`,
    )
  }
  return withLabels(samples, { model, task: 'gather statistics', signal }, (labelled) => {
    checkScoringSamples(labelled, { model, needs })
    return work(labelled)
  })
}
