import type { WeightValues } from '../internal/weight-values.js'
import type { ResolvedModel } from '../select/resolve-model.js'
import type {
  Criterion,
  Evaluate,
  OpenTeaching,
  Rewinder,
  Schedule,
  StoppingRule,
} from '../types.js'
import type { PruningOptions } from './pruning-options.js'
import type { Round } from './round.js'
import type { RoundPieces } from './round-pieces.js'
import type { OpenedRun } from './run-store.js'

/** A run with its options checked, its defaults filled in and its model resolved. */
export interface Run {
  readonly resolved: ResolvedModel
  /** With the criterion that is the default of the allocator, or of all runs. */
  readonly options: Omit<PruningOptions, 'evaluate'> & {
    readonly criterion: Criterion
    readonly evaluate: Evaluate
  }
  readonly schedule: Schedule
  readonly rewinder: Rewinder
  /** All finished rounds, those of an earlier run first; the run adds its own. */
  readonly finished: Round[]
  /** Names of the sets that it measures, the first first; none where there is one without a name. */
  readonly sets: readonly string[]
  /** The rule that the evaluation must fit, where there is one. */
  readonly stop?: StoppingRule
}

/** A run that can be trained. */
export interface OpenRun extends Run {
  /** W0, the values before training. */
  readonly initial: Readonly<WeightValues>
  /** The pieces of the run, for the rounds that they make. */
  readonly pieces: RoundPieces
  readonly teaching: OpenTeaching | undefined
  /** Where the rounds are kept, if anywhere. */
  readonly stored?: OpenedRun
}
