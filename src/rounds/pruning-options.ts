import type { Granularity } from '../granularity/granularity.js'
import type { SelectionOptions } from '../select/select-weights.js'
import type {
  Allocator,
  Criterion,
  Evaluate,
  GatheringProgress,
  Rewinder,
  Schedule,
  ScoringSamples,
  Train,
  TrainingProgress,
} from '../types.js'
import type { Round } from './round.js'

/** The events of a run, in order. */
export type PruningEvent =
  | ({ readonly kind: 'statistics-gathered'; readonly round: number } & GatheringProgress)
  | { readonly kind: 'round-started'; readonly round: number; readonly density: number }
  | ({ readonly kind: 'epoch-finished'; readonly round: number } & TrainingProgress)
  | { readonly kind: 'round-finished'; readonly round: number; readonly report: Round }

/** Options of `pruningRounds`. */
export interface PruningOptions {
  /** Trains the model of a round in place: `fit(...)` or the caller's own loop. */
  readonly train: Train
  /** Measures the model after each round: `evaluateOn(...)` or the caller's own function. */
  readonly evaluate: Evaluate
  /** What matters in a weight. @default magnitudeIncrease() */
  readonly criterion?: Criterion
  /** How much each layer loses. @default perLayer() */
  readonly allocate?: Allocator
  /** What is pruned as one: units, channels, blocks, cells. @default elements() */
  readonly granularity?: Granularity
  /** Density of each round. @default geometric(): seven rounds, 100 to 1.57 % */
  readonly schedule?: Schedule | readonly number[]
  /** Where the surviving weights restart. @default rewindToInitial() */
  readonly rewind?: Rewinder
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
  readonly resume?: readonly Round[]
  /** Hears what happens. */
  readonly onProgress?: (event: PruningEvent) => void
  /** Ends the run at the next batch; the model then holds the last finished round. */
  readonly signal?: AbortSignal
}
