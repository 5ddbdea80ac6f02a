import type { Tensor } from '@tensorflow/tfjs-core'

/** One batch in training, as an {@link Augment} takes it and returns it. */
export interface TrainingBatch {
  /**
   * Inputs in the order and the dtypes of the model, one for most models; the samples are along the
   * first axis.
   */
  readonly xs: readonly Tensor[]
  /** Labels of the samples, as the data hold them. */
  readonly ys: Tensor
}

/** Place of a batch in a training. */
export interface AugmentContext {
  /**
   * Epoch, from 0, as the sampler counts: from round to round again, or on where the rewinder lets
   * the order of the data go on.
   */
  readonly epoch: number
  /** Batch of the epoch, from 0. */
  readonly batch: number
  /** Start of all that is random, in [0, 2^32): another one for each function, epoch and batch. */
  readonly seed: number
}

/**
 * Changes the batches that a model is trained on, for `augment` of `fit`. Sample i stays sample i,
 * and each tensor keeps its shape and dtype. The same batch and context give the same bits. Runs
 * inside `tf.tidy`, and is no async function; do not dispose the tensors that it is given.
 */
export interface Augment {
  (batch: TrainingBatch, context: AugmentContext): TrainingBatch
  /** Its name and options as plain data: `resume` refuses rounds of others. */
  readonly settings?: Readonly<Record<string, unknown>>
  /**
   * Throws where it can change no input of these shapes, the samples along the first axis, null for
   * a side that is not known; asked before any weight changes.
   */
  readonly check?: (shapes: readonly (readonly (number | null)[])[]) => void
}
