import type { Scalar, Tensor } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { ArrayData } from './samples.js'
import type { NamedVariable } from './weights.js'

/** The outputs that a {@link Teacher} speaks of. */
export interface TaughtOutputs {
  /** The model's outputs: raw scores, or those of a sigmoid or softmax. @default as it says */
  readonly output?: 'logits' | 'probabilities' | undefined
  /**
   * A column that is a label of its own, or `'all'` columns. @default the outputs are one choice
   * among classes
   */
  readonly label?: number | 'all' | undefined
}

/** One batch of a network that learns from a {@link Teacher}. */
export interface TaughtBatch {
  /** The caller's own loss of the batch. */
  readonly cost: Scalar
  /** The model's outputs for the batch. */
  readonly outputs: Tensor | readonly Tensor[]
  /** The teacher's logits for the same batch, or the batch's rows of all logits. */
  readonly logits: Tensor | readonly Tensor[] | undefined
}

/**
 * A trained network from which the model learns beside the labels: in a run with `teach`, from
 * round 1 on. `fit` asks it by itself; own loops ask it, and `learnFrom` makes their loss.
 */
export interface Teacher {
  /** Share of the teacher in the loss, in (0, 1]; the labels have the rest. */
  readonly weight: number
  /** Divisor of the logits of teacher and model, finite and above 0. */
  readonly temperature: number
  /**
   * Its logits for a batch, in inference: a float32 tensor `[n, classes]` for each output of the
   * model, which the caller disposes. One output z has the logits 0 and z; several labels have
   * these in turn, `[n, 2 labels]`. The model's weights, its statistics and the optimizer stay as
   * they are. To be called before `minimize`, not in its function, and while the round is trained.
   * Throws a RangeError for a stateful model.
   */
  readonly logits: (xs: Tensor | Tensor[]) => Tensor[]
  /**
   * Its logits for all samples in memory, row after row, of a model with one output. They are asked
   * for once in a run and kept for the object `data`: not to be changed. Throws the signal's reason
   * between two batches, and a RangeError where a logit is not finite.
   */
  readonly allLogits: (
    data: Pick<ArrayData, 'xs'>,
    context?: { readonly signal?: AbortSignal | undefined },
  ) => Promise<Float32Array>
  /** The loss of a batch with the teacher's part; see `learnFrom`. */
  readonly blend: (batch: TaughtBatch) => Scalar
}

/** The part of a run that a {@link Teaching} sees. */
export interface TaughtRun {
  /** The model that learns. */
  readonly model: LayersModel
  /** All its weights. */
  readonly weights: readonly NamedVariable[]
  /** Those of them that the run prunes. @default none is known */
  readonly prunable?: readonly NamedVariable[]
  /** Tells the outputs that the training reads, from those that the caller told. */
  readonly outputs: (asked: TaughtOutputs) => TaughtOutputs
}

/** Says from which network the rounds of a run learn: `denseTeacher()` or `modelTeacher(model)`. */
export interface Teaching {
  /** Begins a run. Throws unless the model can be taught; asked before any weight changes. */
  readonly open: (run: TaughtRun) => OpenTeaching | Promise<OpenTeaching>
}

/** The teaching of one run. */
export interface OpenTeaching {
  /** Its settings in words: `resume` refuses rounds of others. */
  readonly description: string
  /**
   * The teacher of one round after the first, undefined if it has no say. `dense` gives the trained
   * weights of round 0.
   */
  readonly teacher: (
    dense: () => Readonly<Record<string, Float32Array | Int32Array | Uint8Array>>,
  ) => OpenTeacher | undefined
}

/** The teacher of one round. */
export interface OpenTeacher {
  readonly teacher: Teacher
  /** Frees the tensors that the teacher holds, at the end of the round. */
  readonly close: () => void
}
