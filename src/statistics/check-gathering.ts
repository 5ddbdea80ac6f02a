import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { Gathering, ScoringSamples } from '../types.js'
import { type LabelledSamples, withLabels } from './labelled-samples.js'
import { type FullNeed, isFromSamples, needsOf } from './needs.js'
import { checkScoringSamples } from './scoring-samples.js'

/** Throws unless the samples are there that the needs ask for, and fit the model. */
export async function checkGathering(
  model: LayersModel,
  { needs, samples }: Pick<Gathering, 'needs' | 'samples'>,
): Promise<void> {
  await withSamples(samples, { model, needs: needsOf({ needs }) }, () => {})
}

/**
 * Does work with the samples that the needs ask for, undefined if they ask for none. Throws unless
 * they are there and fit the model.
 */
export async function withSamples<T>(
  samples: ScoringSamples | undefined,
  { model, needs }: { readonly model: LayersModel; readonly needs: readonly FullNeed[] },
  work: (samples: LabelledSamples | undefined) => T | Promise<T>,
): Promise<T> {
  const first = needs.find(isFromSamples)
  if (!first) return work(undefined)
  if (samples === undefined) {
    throw new RangeError(
      `Cannot score: expected samples for the ${first.statistic} of the criterion, got none`,
    )
  }
  return withLabels(samples, { model, task: 'gather statistics' }, (labelled) => {
    checkScoringSamples(labelled, { model, needs })
    return work(labelled)
  })
}
