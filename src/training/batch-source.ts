import {
  dispose,
  gather,
  type Tensor,
  Tensor as TensorClass,
  tensor1d,
} from '@tensorflow/tfjs-core'
import type { BatchSampler } from '../data/shuffled-batches.js'
import type { ArrayData } from '../types.js'
import { placesOfLargest } from './labels.js'
import { type Batch, type DatasetData, inputTensors } from './training-data.js'

/** Batches of each epoch, and the tensors to free at the end. */
export interface BatchSource {
  readonly epoch: (index: number) => AsyncIterable<Batch>
  readonly dispose: () => void
}

/** Looks at the labels of an epoch's batches, and at its end. */
interface LabelChecker {
  readonly look: (labels: readonly number[], columns: number) => void
  readonly end: () => void
}

/** Opens a dataset: one iterator an epoch. The labels of the first are checked. */
export function openDataset(data: DatasetData, checker: LabelChecker | undefined): BatchSource {
  let unchecked = checker
  async function* epoch(): AsyncIterable<Batch> {
    const iterator = await data.iterator()
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
      const { xs, ys } = next.value ?? {}
      if (!(ys instanceof TensorClass) || ys.rank === 0 || typeof xs !== 'object') {
        throw new TypeError(
          `Cannot train: expected a dataset of batches { xs, ys } of tensors, got ${typeof next.value}`,
        )
      }
      try {
        unchecked?.look(await rowLabels(ys), ys.shape[1] ?? 1)
      } catch (error) {
        dispose([xs, ys] as Tensor[])
        throw error
      }
      yield next.value
    }
    unchecked?.end()
    unchecked = undefined
  }
  return { epoch, dispose: () => {} }
}

/** Opens data in memory: rows are gathered batch by batch in the sampler's order. */
export function openArrays(data: ArrayData, sampler: BatchSampler): BatchSource {
  const { tensors, made } = inputTensors(data.xs)
  const labels = data.ys instanceof TensorClass ? data.ys : tensor1d(Array.from(data.ys), 'float32')
  if (labels !== data.ys) made.push(labels)
  const samples = labels.shape[0]!
  async function* epoch(index: number): AsyncIterable<Batch> {
    for (const indices of sampler(index)) {
      checkIndices(indices, samples)
      const rows = tensor1d(indices, 'int32')
      const inputs = tensors.map((input) => gather(input, rows))
      const ys = gather(labels, rows)
      rows.dispose()
      yield { xs: inputs.length === 1 ? inputs[0]! : inputs, ys }
    }
  }
  return { epoch, dispose: () => made.forEach((one) => void one.dispose()) }
}

/** Some backends gather whatever lies in memory beyond the last row. */
function checkIndices(indices: Int32Array, samples: number): void {
  if (!(indices?.length > 0)) {
    throw new RangeError(
      `Cannot train: expected batches of at least one sample, got ${indices?.length ?? indices}`,
    )
  }
  for (const index of indices) {
    if (Number.isInteger(index) && index >= 0 && index < samples) continue
    throw new RangeError(`Cannot train: expected batches of indices below ${samples}, got ${index}`)
  }
}

/** Class of each sample of a batch, read without blocking. */
async function rowLabels(ys: Tensor): Promise<number[]> {
  return placesOfLargest(await ys.data(), ys.shape[1] ?? 1)
}
