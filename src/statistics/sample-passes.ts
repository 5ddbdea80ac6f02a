import { dispose } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { giveTurn } from '../internal/event-loop.js'
import { resetStates } from '../internal/model-states.js'
import type { ModelWeight } from '../internal/model-weights.js'
import { openArrays } from '../training/batch-source.js'
import { batchSizeOf } from '../training/fixed-batch.js'
import { disposeBatch, type ModelBatch } from '../training/read-dataset.js'
import type { Loss, ScoringSamples, Statistic } from '../types.js'
import { gradientStatistics, isOfGradients } from './gradient-statistics.js'
import { inputStatistics, isOfInputs } from './input-statistics.js'
import type { Running } from './running-sums.js'

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
  readonly task: string
  readonly samples: ScoringSamples
  readonly indices: Int32Array
  readonly progress: (seen: number) => void
  readonly signal?: AbortSignal | undefined
}

/** Shows all samples of the given indices to the passes. */
export async function lookAtAll(
  passes: readonly Pass[],
  { model, task, samples, indices, progress, signal }: Look,
): Promise<void> {
  const { length } = indices
  const batchSize = batchSizeOf(model, {
    task,
    samples: length,
    batchSize: samples.batchSize,
    usual: 32,
  })
  const sampler = function* () {
    for (let start = 0; start < indices.length; start += batchSize)
      yield indices.slice(start, start + batchSize)
  }
  const source = openArrays(samples, { model, task, sampler })
  let seen = 0
  resetStates(model)
  try {
    for await (const batch of source.epoch(0)) {
      const size = batch.ys.shape[0]!
      try {
        signal?.throwIfAborted()
        for (const { running } of passes) running.look(batch, size / length)
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
    resetStates(model)
  }
}

/** Brings the states of a model to the end of a batch, which the passes leave as they were. */
function goOn(model: LayersModel, { xs }: ModelBatch): void {
  dispose(model.predictOnBatch([...xs]))
}
