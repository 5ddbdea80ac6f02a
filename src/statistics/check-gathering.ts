import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { Gathering } from '../types.js'
import { isFromSamples, needsOf } from './needs.js'
import { checkScoringSamples } from './scoring-samples.js'

/** Throws unless the samples are there that the needs ask for, and fit the model. */
export function checkGathering(
  model: LayersModel,
  { needs: wanted, samples }: Pick<Gathering, 'needs' | 'samples'>,
): void {
  const needs = needsOf({ needs: wanted })
  const first = needs.find(isFromSamples)
  if (!first) return
  if (samples === undefined) {
    throw new RangeError(
      `Cannot score: expected samples for the ${first.statistic} of the criterion, got none`,
    )
  }
  checkScoringSamples(samples, { model, needs })
}
