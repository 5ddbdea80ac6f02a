import type { LayersModel } from '@tensorflow/tfjs-layers'
import { type BatchSampler, shuffledBatches } from '../data/shuffled-batches.js'
import type { FitOptions } from './fit-options.js'
import { batchSizeOf, checkOrder, fixedBatch, inOrder } from './fixed-batch.js'
import { countSamples, isDataset, type TrainingData } from './training-data.js'

const task = 'train'

/**
 * The batches that a model is trained on, unless the data make their own: of the size that it
 * fixes, and in the order of the samples if it goes on from one to the next.
 */
export function samplerFor(
  data: TrainingData,
  { batches, batchSize, seed, augment }: FitOptions,
): (model: LayersModel) => BatchSampler | undefined {
  if (isDataset(data)) return () => undefined
  const samples = countSamples(data, task)
  const shuffled = (size: number) =>
    shuffledBatches({ sampleCount: samples, batchSize: size, seed: seed ?? 0 })
  const usual = batches ?? shuffled(batchSize ?? 32)
  return (model) => {
    if (batches || fixedBatch(model) === undefined) return usual
    const size = batchSizeOf(model, { task, samples, batchSize, usual: 32 })
    // With `augment`, the seed has another use.
    checkOrder(model, { task, seed: augment ? undefined : seed })
    return model.stateful ? inOrder(samples, size) : shuffled(size)
  }
}

/** The batches of an epoch, where they are known before it is read. */
export function batchesAhead(
  { stepsPerEpoch, batches }: FitOptions,
  sampler: BatchSampler | undefined,
): number | undefined {
  // Batches of the caller may be any, and are drawn once an epoch.
  return stepsPerEpoch ?? (batches || !sampler ? undefined : [...sampler(0)].length)
}
