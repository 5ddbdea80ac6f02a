import type { EngineUsed } from './engine.js'
import type { Evaluation } from './evaluation.js'
import type { BudgetFeasibility } from './loss.js'
import type { StarvedKernel, WeightStatistics } from './weights.js'

/** How often a round's network recognises a class. */
export interface RoundRecall {
  /** Its index. */
  readonly class: number
  /** Number of its samples, at least 1. */
  readonly samples: number
  /** Share of them that the network recognises. */
  readonly recall: number
}

/** The ledger entry of one finished round: plain data. */
export interface RoundReport<E = Evaluation> {
  /** 0 is the dense network. */
  readonly round: number
  /** Kept share of the prunable weights. */
  readonly density: number
  /** Kept share of all parameters of the model, those that are never pruned included. */
  readonly densityOverAll: number
  /** Kept prunable weights. */
  readonly kept: number
  /** Per weight: size, kept, density. */
  readonly weights: readonly WeightStatistics[]
  /**
   * Names of weights that keep the least number of elements that they may: a round prunes them no
   * further.
   */
  readonly atMinimum?: readonly string[]
  /** Names of the kernels that were left whole as ends of the model: `spareEnds`. */
  readonly spared?: readonly string[]
  /** Pruned kernels that keep fewer than 2 elements a unit; left out where there are none. */
  readonly starved?: readonly StarvedKernel[]
  /** The options of the criterion that pruned the round, where it tells them. */
  readonly criterion?: Readonly<Record<string, unknown>>
  readonly evaluation: E
  /**
   * Why the network counts as collapsed, in words: it never calls a sample one of the classes, such
   * as one that calls all of them the other, or its AUC is 0.5 or below. Left out where it is not.
   */
  readonly collapsed?: string
  /**
   * Recall of each class with samples, by ascending index; left out where the evaluation holds no
   * labels and predictions.
   */
  readonly recalls?: readonly RoundRecall[]
  /** The class of the lowest recall, the first of several; goes with `recalls`. */
  readonly worstClass?: RoundRecall
  /**
   * Training loss at the end of the round, with `teach` the teacher's part included; NaN when the
   * training function told none.
   */
  readonly trainingLoss: number
  /** Who trained the round, where `fit` had an engine. */
  readonly engine?: EngineUsed
  /** How the budgets on misses stood at the end of the training, where `fit` had some. */
  readonly budgets?: readonly BudgetFeasibility[]
  readonly seconds: {
    readonly training: number
    readonly scoring: number
    readonly evaluation: number
  }
}
