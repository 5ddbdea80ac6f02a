import { type Tensor, tidy } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { shuffledBatches } from '../data/shuffled-batches.js'
import type { ArrayData, DatasetData } from '../types.js'
import { batchSizeOf, checkOrder, inOrder } from './fixed-batch.js'
import { openRows } from './input-rows.js'
import { readDataset } from './read-dataset.js'
import { checkKeys, isDataset } from './training-data.js'

interface Batches {
  readonly model: LayersModel
  readonly task: string
  readonly batchSize?: number
  readonly seed?: number
}

/**
 * The inputs of each batch, which the caller disposes: samples in memory shuffled, and in batches of
 * one size, a dataset as it comes.
 */
export async function* inputBatches(
  data: Pick<ArrayData, 'xs'> | DatasetData,
  { model, task, batchSize, seed }: Batches,
): AsyncGenerator<Tensor[]> {
  if (isDataset(data)) {
    if (batchSize !== undefined || seed !== undefined)
      throw new RangeError(
        `Cannot ${task}: expected batchSize and seed for arrays only, got a dataset`,
      )
    let any = false
    for await (const { xs, ys } of readDataset(data, { model, task, unlabelled: true })) {
      any = true
      ys.dispose()
      yield xs
    }
    if (!any) throw noSamples(task)
    return
  }
  checkKeys(data, task)
  const inputs = openRows(data.xs, { model, task })
  try {
    const { samples } = inputs
    if (samples === 0) throw noSamples(task)
    const size = batchSizeOf(model, { task, samples, batchSize, usual: 64 })
    checkOrder(model, { task, seed })
    await inputs.check()
    const order = model.stateful ? inOrder(samples, size)(0) : evenBatches({ samples, size, seed })
    for (const indices of order) yield tidy(() => inputs.take(indices))
  } finally {
    inputs.dispose()
  }
}

function noSamples(task: string): RangeError {
  return new RangeError(`Cannot ${task}: expected at least one sample, got none`)
}

interface Order {
  readonly samples: number
  readonly size: number
  readonly seed: number | undefined
}

/** Batches of equal size but for one sample: the statistics of a small last batch would be poor. */
function evenBatches({ samples, size, seed = 0 }: Order): Int32Array[] {
  const [order] = shuffledBatches({ sampleCount: samples, batchSize: samples, seed })(0)
  const batches = Math.ceil(samples / size)
  const start = (batch: number) => Math.round((batch * samples) / batches)
  return Array.from({ length: batches }, (_, batch) => order!.slice(start(batch), start(batch + 1)))
}
