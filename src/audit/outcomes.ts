import type { NumberArray } from '../types.js'

/**
 * The outcomes of one network on labelled samples: plain data. An `Evaluation` of `evaluateOn` is
 * one; `logits` are wanted for more than two classes.
 */
export interface Outcomes {
  /** Class index of each sample. */
  readonly labels: NumberArray
  /** Class that the network says for each sample, its threshold applied. */
  readonly predictions: NumberArray
  /**
   * Logits or log-probabilities of all classes, finite, in flat order: one row `[classes]` a
   * sample; a number that is added to a whole row changes nothing.
   */
  readonly logits?: NumberArray
  /** Log-odds of the positive class per sample, finite; of use where there are no `logits`. */
  readonly scores?: NumberArray
  /** Class that `scores` and `threshold` are of; goes with them. */
  readonly positiveClass?: number
  /** Log-odds from which on a sample is predicted positive. @default the largest logit decides */
  readonly threshold?: number
}
