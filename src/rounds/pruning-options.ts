import type { Granularity } from '../granularity/granularity.js'
import { checkFunction } from '../internal/check-function.js'
import type { OptionChecks } from '../internal/check-options.js'
import { checkFunctionPiece, checkObjectPiece } from '../internal/check-piece.js'
import { checkSignal } from '../internal/check-signal.js'
import { anything, required } from '../internal/option-checks.js'
import type { Mask } from '../masks/mask.js'
import type { SelectionOptions } from '../select/selection-options.js'
import { pieceChecks } from '../step/step-options.js'
import type {
  Allocator,
  BatchProgress,
  Criterion,
  Evaluate,
  EvaluateSets,
  Evaluation,
  GatheringProgress,
  Rewinder,
  Schedule,
  ScoringSamples,
  Teaching,
  Train,
  TrainingProgress,
} from '../types.js'
import { checkRewinder } from './check-rewinder.js'
import { isSets } from './evaluate-sets.js'
import type { Round } from './round.js'
import type { RunStore } from './run-store.js'

/** The events of a run, in order. */
export type PruningEvent<E = Evaluation> =
  | ({ readonly kind: 'statistics-gathered'; readonly round: number } & GatheringProgress)
  | { readonly kind: 'round-started'; readonly round: number; readonly density: number }
  | ({ readonly kind: 'batch-finished'; readonly round: number } & BatchProgress)
  | ({ readonly kind: 'epoch-finished'; readonly round: number } & TrainingProgress)
  | { readonly kind: 'round-finished'; readonly round: number; readonly report: Round<E> }

/** Options of `pruningRounds`. */
export interface PruningOptions<E = Evaluation> {
  /** Trains the model of a round in place: `fit(...)` or the caller's own loop. */
  readonly train: Train
  /**
   * Measures the model after each round: `evaluateOn(...)` or the caller's own function. Or several
   * of them by the names of their sets, such as `{ validation, test }`: rules look at the first,
   * whose evaluation holds those of the others in `sets`, or by `onSet` at the one that they name.
   */
  readonly evaluate: Evaluate<E> | EvaluateSets<E>
  /**
   * How much each weight matters. @default magnitudeIncrease(), or the criterion that `allocate`
   * names: magnitude() with lamp()
   */
  readonly criterion?: Criterion
  /** How much each layer loses. @default perLayer() */
  readonly allocate?: Allocator
  /**
   * Leaves the first and last kernels whole: those that an input of the model reaches, or from which
   * an output is reached, through no other kernel. The other weights share what is left, so that
   * round(all prunable elements * density) stay in all, whatever the allocator. Reports name them in
   * `spared`. Ends that are not selected, as frozen ones, change nothing. Throws a RangeError before
   * training where ends and minimums are more than a density of the schedule, and beside cells
   * (`nOfM`). @default false
   */
  readonly spareEnds?: boolean
  /** The groups that are pruned as one: units, channels, blocks, cells. @default elements() */
  readonly granularity?: Granularity
  /** Density of each round. @default geometric(): seven rounds, 100 to 1.57 % */
  readonly schedule?: Schedule | readonly number[]
  /** Where the surviving weights restart. @default rewindToInitial() */
  readonly rewind?: Rewinder
  /**
   * Mask so far, for a model that is sparse already: round 0 trains the elements that it keeps, and
   * all others stay 0 to the end. `maskOfZeros` reads it from the model. Beside `resume` it is the
   * mask that those rounds began with. @default the dense mask
   */
  readonly previous?: Mask
  /** Which weights may be pruned. @default all kernels */
  readonly select?: SelectionOptions
  /**
   * Samples for criteria that need gradients, inputs or outputs; those of the training part will
   * do.
   */
  readonly samples?: ScoringSamples
  /**
   * Finished rounds of an earlier run with the same options; the run goes on after the last.
   * @default none
   */
  readonly resume?: readonly Round<E>[]
  /**
   * Where each finished round is kept, such as `folderStore('runs/a')` of `tfjs-prune/runs`. A run
   * that was ended, at any moment, goes on from there when it is started again with the same
   * options. @default nowhere
   */
  readonly store?: RunStore
  /**
   * Round 0 of another run of the same model and training, which this run begins with: comparisons
   * of criteria, allocations, granularities, selections and rewinders share it. It must remember
   * all that the rewinder asks for: take it from the run that captures. @default none
   */
  readonly dense?: Round<E>
  /**
   * The network that the rounds after the first learn from, beside the labels: `denseTeacher()`, the
   * trained one of round 0, or `modelTeacher(model)`. @default none
   */
  readonly teach?: Teaching
  /** Called with each event. It returns at once: an error of it, or a promise, ends the run. */
  readonly onProgress?: (event: PruningEvent<E>) => void
  /**
   * Ends the run at the next batch, or a few seconds later where the store does not answer; the
   * model then holds the last finished round.
   */
  readonly signal?: AbortSignal
}

/** Keys that are whole numbers stand before all others, whatever the order in the text. */
function checkSetName(set: string, task: string): void {
  if (!/^\d+$/.test(set)) return
  throw new RangeError(`Cannot ${task}: expected names of sets with a letter, got ${set}`)
}

/** For a training function of `fit` in the place of an evaluation, found before it trains. */
const TRAINS =
  'Cannot prune: expected an evaluation function as evaluate, got a training function: hand it in as train'

/** Checks of the options of a run, beyond those that its parts make. */
export const pruningChecks: OptionChecks<PruningOptions> = {
  train: required((value, { task, name }) =>
    checkFunctionPiece(value, { task, name, kind: 'a training function' }),
  ),
  evaluate: required((value, { task, name }) => {
    const kind = 'an evaluation function'
    const sets = isSets(value as Evaluate) ? Object.entries(value as object) : []
    for (const [set, one] of sets) {
      checkSetName(set, task)
      checkFunctionPiece(one, { task, name: `${name}.${set}`, kind })
    }
    if (sets.length === 0) checkFunctionPiece(value, { task, name, kind })
    if (Object(value).favoured) throw new TypeError(TRAINS)
  }),
  ...pieceChecks,
  schedule: anything,
  rewind: checkRewinder,
  previous: anything,
  resume: anything,
  store: (value, { task, name }) =>
    checkObjectPiece(value, { task, name, kind: 'a store of a run', method: 'open' }),
  dense: anything,
  teach: (value, { task, name }) =>
    checkObjectPiece(value, { task, name, kind: 'a teacher', method: 'open' }),
  onProgress: checkFunction,
  signal: checkSignal,
}
