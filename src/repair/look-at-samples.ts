import type { Tensor } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { progressOf } from '../internal/at-once.js'
import type { LabelledSamples } from '../statistics/labelled-samples.js'
import { needsOf } from '../statistics/needs.js'
import { lookAtAll } from '../statistics/sample-passes.js'
import { scoringLoss } from '../statistics/scoring-loss.js'
import { fixedBatch } from '../training/fixed-batch.js'
import { labelColumns, labelValues } from '../training/labels.js'
import { isDataset } from '../training/training-data.js'
import type { GatheringProgress, Loss } from '../types.js'

/** The samples of a pass, and who hears of it. */
export interface SamplePass {
  readonly samples: LabelledSamples
  readonly onProgress?: ((progress: GatheringProgress) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

interface WantedPass extends SamplePass {
  /** The statistic that the pass is for: `'gradient'` needs the loss. @default 'inputProducts' */
  readonly need?: 'inputProducts' | 'gradient'
  /** So many batches of arrays at most, where neither model nor samples say the size of one. */
  readonly batches?: number
}

/** A batch, and the loss of its samples. */
export interface SeenBatch {
  readonly xs: readonly Tensor[]
  readonly ys: Tensor
  readonly loss: Loss
}

/** Shows all samples to a function, batch after batch. Returns their number. */
export async function lookAtSamples(
  model: LayersModel,
  look: (batch: SeenBatch) => void,
  { samples: given, signal, need = 'inputProducts', batches, ...told }: WantedPass,
): Promise<number> {
  const needs = needsOf({ needs: [need] })
  const onProgress = progressOf(told, 'gather statistics')
  const of = labelValues(given).length / labelColumns(given)
  const samples = inBatches(given, { of, batches: fixedBatch(model) ? undefined : batches })
  const loss = scoringLoss(samples, { model, needs })
  const end = () => {
    throw new Error('Cannot end a pass: expected sums that are read, got a statistic')
  }
  const seen = (batch: Omit<SeenBatch, 'loss'>) => look({ ...batch, loss })
  const pass = { has: () => true, running: { look: seen, end, dispose: () => {} } }
  const indices = Int32Array.from({ length: of }, (_, i) => i)
  const progress = (count: number) => onProgress?.({ samples: count, of })
  await lookAtAll([pass], { model, samples, index: undefined, indices, progress, signal })
  return of
}

interface Batches {
  readonly of: number
  readonly batches: number | undefined
}

/** Samples with a size of their batches; a dataset has batches of its own. */
function inBatches(samples: LabelledSamples, { of, batches }: Batches): LabelledSamples {
  if (isDataset(samples) || batches === undefined) return samples
  return { ...samples, batchSize: samples.batchSize ?? Math.ceil(of / batches) }
}
