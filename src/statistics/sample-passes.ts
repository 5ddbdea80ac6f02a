import { dispose } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { giveTurn } from '../internal/event-loop.js'
import { openStates } from '../internal/model-states.js'
import type { ModelWeight } from '../internal/model-weights.js'
import { type BatchSource, openArrays } from '../training/batch-source.js'
import { batchSizeOf } from '../training/fixed-batch.js'
import { disposeBatch, type ModelBatch } from '../training/read-dataset.js'
import { isDataset } from '../training/training-data.js'
import type { Loss, Statistic } from '../types.js'
import { classBatches } from './class-batches.js'
import { gradientStatistics, isOfGradients } from './gradient-statistics.js'
import { inputStatistics, isOfInputs } from './input-statistics.js'
import type { LabelledSamples } from './labelled-samples.js'
import type { Running } from './running-sums.js'
import { taskOf } from './scoring-samples.js'

/** Sums of some statistics, batch after batch. */
export interface Pass {
  readonly running: Running
  readonly has: (statistic: Statistic) => boolean
}

interface PassOptions {
  readonly weights: readonly ModelWeight[]
  readonly statistics: readonly Statistic[]
  readonly loss: Loss
}

/** One pass for the gradients and one for the inputs, where they are asked for. */
export function openPasses(model: LayersModel, { weights, statistics, loss }: PassOptions): Pass[] {
  const [ofGradients, ofInputs] = [statistics.filter(isOfGradients), statistics.filter(isOfInputs)]
  const passes: Pass[] = []
  if (ofGradients.length > 0) {
    const running = gradientStatistics(model, { weights, statistics: ofGradients, loss })
    passes.push({ running, has: isOfGradients })
  }
  if (ofInputs.length > 0) {
    passes.push({
      running: inputStatistics(model, { weights, statistics: ofInputs }),
      has: isOfInputs,
    })
  }
  return passes
}

/** The pass that gathers a statistic. */
export function passOf(passes: readonly Pass[], statistic: Statistic): Running {
  return passes.find(({ has }) => has(statistic))!.running
}

interface Look {
  readonly model: LayersModel
  readonly samples: LabelledSamples
  /** Class of the samples; undefined: all. */
  readonly index: number | undefined
  readonly indices: Int32Array
  readonly progress: (seen: number) => void
  readonly signal?: AbortSignal | undefined
}

function sourceOf({ model, samples, index, indices }: Omit<Look, 'progress'>): BatchSource {
  const { length } = indices
  const task = taskOf(index)
  if (isDataset(samples)) {
    const epoch = () => classBatches(samples, { model, task, index, total: length })
    return { epoch, dispose: () => {} }
  }
  const own = samples.batchSize
  const batchSize = batchSizeOf(model, { task, samples: length, batchSize: own, usual: 32 })
  const sampler = function* () {
    for (let start = 0; start < indices.length; start += batchSize)
      yield indices.slice(start, start + batchSize)
  }
  return openArrays(samples, { model, task, sampler })
}

/** Shows all samples of the given indices to the passes. */
export async function lookAtAll(
  passes: readonly Pass[],
  { progress, signal, ...wanted }: Look,
): Promise<void> {
  const { model, indices } = wanted
  const source = sourceOf(wanted)
  let seen = 0
  let close: (() => void) | undefined
  try {
    close = openStates(model, taskOf(wanted.index))
    for await (const batch of source.epoch(0)) {
      const size = batch.ys.shape[0]!
      try {
        signal?.throwIfAborted()
        for (const { running } of passes) running.look(batch, size / indices.length)
        if (model.stateful) goOn(model, batch)
      } finally {
        disposeBatch(batch)
      }
      seen += size
      progress(seen)
      await giveTurn()
    }
  } finally {
    source.dispose()
    close?.()
  }
}

/** Brings the states of a model to the end of a batch, which the passes leave as they were. */
function goOn(model: LayersModel, { xs }: ModelBatch): void {
  dispose(model.predictOnBatch([...xs]))
}
