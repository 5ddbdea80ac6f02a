import { type Tensor, Tensor as TensorClass, type TensorLike, tensor } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { describe } from '../internal/describe.js'
import type { ArrayData } from '../types.js'
import { checkNumericLabels } from './labels.js'

/** Batches from a dataset such as those of `tf.data`: each element is disposed after its step. */
export interface DatasetData {
  /** Starts one epoch. */
  readonly iterator: () => Promise<{ next: () => Promise<IteratorResult<Batch, unknown>> }>
}

/** The samples that a model is trained on. */
export type TrainingData = ArrayData | DatasetData

/** One batch of inputs and labels. */
export interface Batch {
  readonly xs: Tensor | Tensor[]
  readonly ys: Tensor
}

/** Whether the data is a dataset that makes its own batches. */
export function isDataset(data: TrainingData): data is DatasetData {
  return typeof (data as DatasetData).iterator === 'function'
}

/** Number of samples of data in memory, after checking that inputs and labels agree. */
export function countSamples({ xs, ys }: ArrayData, action: string): number {
  const inputs = inputLengths(xs, action)
  const samples = lengthOf(ys, 'ys', action)
  checkNumericLabels(ys, action)
  for (const length of inputs) {
    if (length !== samples) {
      throw new TypeError(
        `Cannot ${action}: expected as many labels as inputs, ${length}, got ${samples}`,
      )
    }
  }
  if (samples === 0)
    throw new RangeError(`Cannot ${action}: expected at least one sample, got none`)
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
    const got = values instanceof TensorClass ? 'a scalar' : describe(values)
    throw new TypeError(
      `Cannot ${action}: expected ${option} as a tensor or an array of samples, got ${got}`,
    )
  }
  return length
}

/** Inputs as tensors, with those that had to be made and must be disposed. */
export function inputTensors(xs: ArrayData['xs']): { tensors: readonly Tensor[]; made: Tensor[] } {
  if (xs instanceof TensorClass) return { tensors: [xs], made: [] }
  if (isTensors(xs)) return { tensors: xs, made: [] }
  const made = [tensor(xs as TensorLike)]
  // Two lists: the caller adds to the list of tensors to dispose.
  return { tensors: [...made], made }
}

/** Throws unless the inputs have the shapes that the model takes. tfjs sees `[n]` as `[n, 1]`. */
export function checkInputs(
  { inputs }: LayersModel,
  tensors: readonly Tensor[],
  action: string,
): void {
  if (tensors.length !== inputs.length) {
    throw new TypeError(
      `Cannot ${action}: expected ${inputs.length} inputs as the model has, got ${tensors.length} in xs`,
    )
  }
  inputs.forEach(({ name, shape: wanted }, index) => {
    const { shape: given } = tensors[index]!
    const shape = given.length === 1 ? [...given, 1] : given
    if (
      shape.length === wanted.length &&
      wanted.every((size, axis) => size === null || size === shape[axis])
    )
      return
    const text = `[${wanted.map((size) => size ?? 'n').join(', ')}]`
    throw new TypeError(
      `Cannot ${action}: expected xs of shape ${text} for ${name}, got [${given.join(', ')}]`,
    )
  })
}
