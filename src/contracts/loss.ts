import type { Scalar, Tensor } from '@tensorflow/tfjs-core'

/**
 * A training loss over one batch, for `model.compile({ loss })` and for any own loop.
 *
 * `yTrue` holds one-hot rows `[n, classes]`, or class indices `[n]` or `[n, 1]`, in float32, int32
 * or bool; `yPred` is float32 `[n, classes]`, or `[n, 1]` or `[n]` with two classes. Returns a
 * float32 scalar.
 */
export interface Loss {
  (yTrue: Tensor, yPred: Tensor): Scalar
  /**
   * The options that it was made with, for reports and error messages, e.g.
   * `{ gamma: 5, lambda: 5 }`.
   */
  readonly settings?: Readonly<Record<string, unknown>>
  /**
   * Class that it treats unlike the others, such as one whose misses weigh more, or the classes
   * that its parts treat so: a run refuses an evaluation in which none of them is the positive one.
   *
   * @default none
   */
  readonly favours?: number | readonly number[]
  /**
   * The same loss for a known kind of `yPred`. A loss whose `output` is `'auto'` has it; called by
   * itself it takes logits. `fit`, the statistics of criteria and `lossFor` bind such a loss
   * to the outputs of the model. A loss without it is taken as it is.
   */
  readonly forOutput?: (output: 'logits' | 'probabilities') => Loss
  /**
   * The same loss of rows in plain arrays, with its gradient by `yPred`: an engine then trains
   * without a tensor. Takes the same shapes and throws the same errors.
   *
   * @default the loss itself is asked
   */
  readonly onRows?: (yTrue: Rows, yPred: Rows) => Cost
}

/** Numbers in row-major order, and their shape, the samples first. */
export interface Rows {
  readonly values: Float32Array
  readonly shape: number[]
}

/** The loss of a batch, and its gradient by each of the outputs, in their order. */
export interface Cost {
  readonly value: number
  readonly gradient: Float32Array
}

/** A loss that changes from round to round, or from epoch to epoch. */
export interface LossSchedule {
  /**
   * The loss of one round; round 0 trains the dense network. With `atEpoch`, that of its first
   * epoch.
   */
  readonly atRound: (round: number) => Loss
  /** The options that it was made with, as plain data: `resume` refuses rounds of others. */
  readonly settings?: Readonly<Record<string, unknown>>
  /** The loss of one epoch, counted from 0, of a round; left out when a round has one loss. */
  readonly atEpoch?: (epoch: number, round: number) => Loss
}

/** How a budget on misses stands: plain data. */
export interface BudgetFeasibility {
  /** Class of the budget. */
  readonly positiveClass: number
  /** Number of the group that it is of; left out where it is of the whole class. */
  readonly group?: number
  /**
   * `'met'`: the rate that was measured last is within the limit. `'infeasible'`: it is not, and
   * came no nearer for as many updates as the budget has patience; or the budget is the rate of a
   * dense network that misses every sample. `'open'`: it is not yet.
   * `'unmeasured'`: no rate, or none of the dense network, is known.
   */
  readonly state: 'unmeasured' | 'met' | 'open' | 'infeasible'
  /** The false-negative rate allowed; left out while it is not known, or where there is none. */
  readonly limit?: number
  /** The rate that was measured last. */
  readonly rate?: number
  /** The rate of the dense network on the same samples. */
  readonly dense?: number
  /** The multiplier of the class, or of the group in it, now. */
  readonly multiplier: number
  /** All of it in words; names a limit that lies below the dense network's rate. */
  readonly reason: string
}
