import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { ModelWeight } from '../internal/model-weights.js'
import { markSeen } from '../internal/seen-data.js'
import { withSamples } from '../statistics/check-gathering.js'
import { needsOf } from '../statistics/needs.js'
import { lookAtAll } from '../statistics/sample-passes.js'
import { labelColumns, labelValues } from '../training/labels.js'
import type { GatheringProgress, ScoringSamples } from '../types.js'
import { type Moments, runningMoments } from './output-moments.js'

/** The samples of a pass, and who hears of it. */
export interface MomentPass {
  readonly samples: ScoringSamples
  readonly onProgress?: ((progress: GatheringProgress) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

/** Moments of the outputs of kernels in the model as it is, in one pass over the samples. */
export async function gatherMoments(
  model: LayersModel,
  kernels: readonly ModelWeight[],
  { samples: given, onProgress, signal }: MomentPass,
): Promise<Map<string, Moments>> {
  // The inputs of kernels are asked for, and no labels.
  const needs = needsOf({ needs: ['inputProducts'] })
  return withSamples(given, { model, needs }, async (samples) => {
    markSeen(given)
    const of = labelValues(samples!).length / labelColumns(samples!)
    const running = runningMoments(model, kernels)
    const pass = {
      has: () => true,
      running: {
        ...running,
        end: () => {
          throw new Error('Cannot end: moments are read')
        },
      },
    }
    const indices = Int32Array.from({ length: of }, (_, i) => i)
    const progress = (seen: number) => onProgress?.({ samples: seen, of })
    try {
      await lookAtAll([pass], {
        model,
        samples: samples!,
        index: undefined,
        indices,
        progress,
        signal,
      })
      return await running.read()
    } finally {
      running.dispose()
    }
  })
}
