import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { ScoringSamples } from '../types.js'
import { type FullNeed, isFromSamples } from './needs.js'
import { checkScoringSamples } from './scoring-samples.js'

/** Throws unless the samples are there that the needs ask for, and fit the model. */
export function checkGathering(
  model: LayersModel,
  needs: readonly FullNeed[],
  samples: ScoringSamples | undefined,
): void {
  const first = needs.find(isFromSamples)
  if (!first) return
  if (samples === undefined) {
    throw new RangeError(
      `Cannot score: expected samples for the ${first.statistic} of the criterion, got none`,
    )
  }
  checkScoringSamples(samples, { model, needs })
}
