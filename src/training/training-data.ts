import { gather, type Tensor, Tensor as TensorClass, type TensorLike, tensor, tensor1d } from '@tensorflow/tfjs-core'
import type { BatchSampler } from '../data/shuffled-batches.js'
import type { NumberArray } from '../types.js'

/** Samples in memory; the caller's tensors stay the caller's. */
export interface ArrayData {
  /** Inputs with the samples along the first axis: a tensor, nested arrays, or one tensor per model input. */
  readonly xs: Tensor | readonly Tensor[] | TensorLike
  /** Labels: class indices `[n]` as an array or tensor, or one-hot rows `[n, classes]`. */
  readonly ys: Tensor | NumberArray
}

/** Batches from a dataset such as those of `tf.data`: each element is disposed after its step. */
export interface DatasetData {
  /** Starts one epoch. */
  readonly iterator: () => Promise<{ next: () => Promise<IteratorResult<Batch, unknown>> }>
}

/** What a model is trained on. */
export type TrainingData = ArrayData | DatasetData

/** One batch of inputs and labels. */
export interface Batch {
  readonly xs: Tensor | Tensor[]
  readonly ys: Tensor
}

/** Batches of each epoch, and what has to be freed at the end. */
export interface BatchSource {
  readonly epoch: (index: number) => AsyncIterable<Batch>
  readonly dispose: () => void
}

/** Whether the data is a dataset that makes its own batches. */
export function isDataset(data: TrainingData): data is DatasetData {
  return typeof (data as DatasetData).iterator === 'function'
}

/** Number of samples of data in memory, after checking that inputs and labels agree. */
export function countSamples({ xs, ys }: ArrayData, action: string): number {
  const inputs = inputLengths(xs, action)
  const samples = lengthOf(ys, 'ys', action)
  for (const length of inputs) {
    if (length !== samples) {
      throw new TypeError(`Cannot ${action}: expected as many labels as inputs, ${length}, got ${samples}`)
    }
  }
  if (samples === 0) throw new RangeError(`Cannot ${action}: expected at least one sample, got none`)
  return samples
}

function inputLengths(xs: ArrayData['xs'], action: string): number[] {
  if (isTensors(xs)) return xs.map((input) => lengthOf(input, 'xs', action))
  return [lengthOf(xs, 'xs', action)]
}

function isTensors(xs: ArrayData['xs']): xs is readonly Tensor[] {
  return Array.isArray(xs) && xs.length > 0 && xs.every((input) => input instanceof TensorClass)
}

function lengthOf(values: unknown, option: string, action: string): number {
  if (values instanceof TensorClass && values.rank > 0) return values.shape[0]!
  const length = (values as ArrayLike<unknown> | undefined)?.length
  if (values instanceof TensorClass || typeof values === 'string' || typeof length !== 'number') {
    const got = values instanceof TensorClass ? 'a scalar' : values === null ? 'null' : typeof values
    throw new TypeError(`Cannot ${action}: expected ${option} as a tensor or an array of samples, got ${got}`)
  }
  return length
}

/** Inputs as tensors, with those that had to be made and must be disposed. */
export function inputTensors(xs: ArrayData['xs']): { tensors: readonly Tensor[]; made: Tensor[] } {
  if (xs instanceof TensorClass) return { tensors: [xs], made: [] }
  if (isTensors(xs)) return { tensors: xs, made: [] }
  const made = [tensor(xs as TensorLike)]
  return { tensors: made, made }
}

/** Opens a dataset: one iterator an epoch. */
export function openDataset(data: DatasetData): BatchSource {
  async function* epoch(): AsyncIterable<Batch> {
    const iterator = await data.iterator()
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value
  }
  return { epoch, dispose: () => {} }
}

/** Opens data in memory: rows are gathered batch by batch in the sampler's order. */
export function openArrays(data: ArrayData, sampler: BatchSampler): BatchSource {
  const { tensors, made } = inputTensors(data.xs)
  const labels = data.ys instanceof TensorClass ? data.ys : tensor1d(Array.from(data.ys), 'float32')
  if (labels !== data.ys) made.push(labels)
  async function* epoch(index: number): AsyncIterable<Batch> {
    for (const indices of sampler(index)) {
      const rows = tensor1d(indices, 'int32')
      const inputs = tensors.map((input) => gather(input, rows))
      const ys = gather(labels, rows)
      rows.dispose()
      yield { xs: inputs.length === 1 ? inputs[0]! : inputs, ys }
    }
  }
  return { epoch, dispose: () => made.forEach((one) => void one.dispose()) }
}
