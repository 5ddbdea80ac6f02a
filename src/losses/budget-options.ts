import type { BudgetFeasibility, Loss, LossSchedule, NumberArray } from '../types.js'
import type { MeasuredOutcomes } from './measured-rates.js'
import type { LossMemory } from './multipliers.js'

/** Options of `falseNegativeBudget`. */
export interface FalseNegativeBudgetOptions {
  /**
   * A loss to add, such as `squaredHingeRank({ lambda: 5 })`; it gets no multiplier. @default none
   */
  readonly plus?: Loss
  /**
   * The outputs of the model: raw scores, or those of a sigmoid or softmax. `'auto'`: as the model
   * says, in `fit` and wherever else the model is known; logits where the loss is called by itself.
   *
   * @default 'auto'
   */
  readonly output?: 'auto' | 'logits' | 'probabilities'
}

/** A loss whose class weights follow the misses; made by `falseNegativeBudget`. */
export interface FalseNegativeBudget extends Loss, LossSchedule {
  /** The present multiplier of each class that has a budget; `feasibility` has those of groups. */
  readonly multipliers: Readonly<Record<number, number>>
  /**
   * Moves the multipliers. `measured` holds one false-negative rate per class, NaN without
   * positives; or is the answer of `evaluateOn`: `labels` and `predictions`, or for a single budget
   * its `falseNegativeRate`. Where a budget is of a group, it is labels, predictions and `groups`.
   */
  readonly update: (measured: NumberArray | MeasuredOutcomes) => void
  /**
   * Tells the rates of the dense network, measured on the same samples in the same forms. A budget
   * with `of: 'dense'` does nothing before that; any other is then named where it lies below them.
   */
  readonly compareWith: (dense: NumberArray | MeasuredOutcomes) => void
  /** How each budget stands, in the order of the budgets, with the reason in words. */
  readonly feasibility: readonly BudgetFeasibility[]
  /** The multipliers as plain data, by which a training goes on from the middle of a round. */
  readonly memory: LossMemory
  /** A loss of its own for one round: it begins at `start`, whatever became of this one. */
  readonly atRound: (round: number) => FalseNegativeBudget
}
