import type { Builder } from '../../programs/layout/builder.js'
import type { TrainingKernels } from '../kernels/training-kernels.js'

/** A builder with all that the steps of training need beside it. */
export interface TrainingBuilder {
  readonly builder: Builder
  readonly kernels: TrainingKernels
  /** Whether an array of weights is trained. */
  readonly trained: (array: Float32Array) => boolean
  /** The place of the sums of an array's gradients: four floats an element. */
  readonly sumsOf: (array: Float32Array) => number
  /** Begins another moment of the step in hand: all samples have gone through the one before. */
  readonly split: () => void
  /** Registers a value that the caller gives. */
  readonly give: (name: string, value: number) => void
}
