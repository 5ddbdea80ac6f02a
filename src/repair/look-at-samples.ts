import type { Tensor } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { progressOf } from '../internal/at-once.js'
import { withSamples } from '../statistics/check-gathering.js'
import { needsOf } from '../statistics/needs.js'
import { lookAtAll } from '../statistics/sample-passes.js'
import { labelColumns, labelValues } from '../training/labels.js'
import type { GatheringProgress, ScoringSamples } from '../types.js'

/** The samples of a pass, and who hears of it. */
export interface SamplePass {
  readonly samples: ScoringSamples
  readonly onProgress?: ((progress: GatheringProgress) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

/** Shows all samples to a function, batch after batch; their labels are not looked at. */
export async function lookAtSamples(
  model: LayersModel,
  look: (batch: { readonly xs: readonly Tensor[] }) => void,
  { samples: given, signal, ...told }: SamplePass,
): Promise<void> {
  // The inputs of kernels are asked for, and no labels.
  const needs = needsOf({ needs: ['inputProducts'] })
  const onProgress = progressOf(told, 'gather statistics')
  await withSamples(given, { model, needs }, async (samples) => {
    const of = labelValues(samples!).length / labelColumns(samples!)
    const end = () => {
      throw new Error('Cannot end a pass: expected sums that are read, got a statistic')
    }
    const pass = { has: () => true, running: { look, end, dispose: () => {} } }
    const indices = Int32Array.from({ length: of }, (_, i) => i)
    const progress = (seen: number) => onProgress?.({ samples: seen, of })
    const all = { model, samples: samples!, index: undefined, indices, progress, signal }
    await lookAtAll([pass], all)
  })
}
