import type { Tensor, TensorContainer, TensorLike } from '@tensorflow/tfjs-core'

/** One number per class or sample: a typed array or a plain one. */
export type NumberArray = ArrayLike<number>

/** The inputs of a model with several, by their names and in any order. */
export type NamedInputs = Readonly<Record<string, Tensor | TensorLike>>

/**
 * Samples in memory; the caller's tensors stay the caller's, and live until the work has ended.
 * Numbers are finite; those of any dtype count alike, as the model takes them.
 */
export interface ArrayData {
  /**
   * Inputs with the samples along the first axis: a tensor, nested arrays, one tensor per model
   * input, or an object with one of these by the name of each input.
   */
  readonly xs: Tensor | readonly Tensor[] | TensorLike | NamedInputs
  /**
   * Labels: class indices `[n]` as an array or tensor, one-hot rows `[n, classes]`, or rows
   * `[n, labels]` of 0 and 1 where a sample may have several labels and something reads them so.
   */
  readonly ys: Tensor | NumberArray
}

/** One batch of a dataset. */
export interface Batch {
  /** Inputs as in {@link ArrayData}, in tensors. */
  readonly xs: Tensor | Tensor[] | Record<string, Tensor>
  /** Labels as in {@link ArrayData}, in a tensor. */
  readonly ys: Tensor
}

/**
 * Batches `{ xs, ys }` of tensors, such as `tf.data.zip({ xs, ys }).batch(32)`. They are read one
 * after the other, and each is disposed after use. One reading may take 100,000 batches where the
 * dataset does not tell its `size`, and any number where it does; an endless one is refused, but by
 * `fit` with `stepsPerEpoch`.
 */
export interface DatasetData {
  /** Starts one reading; every reading gives the same samples. */
  readonly iterator: () => Promise<{
    next: () => Promise<IteratorResult<Batch | TensorContainer, unknown>>
  }>
  /** Number of batches; Infinity for an endless dataset. @default not known */
  readonly size?: number | null
}

/** Samples in memory, or a dataset. */
export type SampleData = ArrayData | DatasetData
