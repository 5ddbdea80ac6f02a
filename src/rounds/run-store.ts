import type { WeightValues } from '../internal/weight-values.js'
import type { Mask } from '../masks/mask.js'
import type { WeightPlace } from '../types.js'
import type { Round } from './round.js'
import type { RoundPoint } from './round-point.js'

/** Keeps the rounds of a run, so that it goes on where it was left: see `tfjs-prune/runs`. */
export interface RunStore {
  /**
   * Opens the run for one writer. Throws, and keeps nothing open, where another writer is at work,
   * or the stored run is another one. Nothing is written before a round is saved.
   */
  readonly open: (facts: RunFacts) => Promise<OpenedRun>
}

/** The facts that tell one run from another. */
export interface RunFacts {
  /** All weights of the model, in its order. */
  readonly weights: readonly WeightPlace[]
  /** Their values as the run is started. */
  readonly present: Readonly<WeightValues>
  /** The options that make the rounds, by their names: plain data, also in JSON. */
  readonly settings: Readonly<Record<string, unknown>>
  /** The mask that the run begins with, where one is given. */
  readonly previous?: Mask | undefined
  /** Round 0 of another run, where one is given. */
  readonly dense?: Round | undefined
}

/** A stored run that is open for one writer. */
export interface OpenedRun {
  /** W0 of the run. */
  readonly initial: Readonly<WeightValues>
  /** The finished rounds, the dense one first. */
  readonly rounds: readonly Round[]
  /** The state within the next round, where it was kept. */
  readonly point?: RoundPoint | undefined
  /** Throws unless the store can keep such an evaluation; it is asked before training. */
  readonly checkEvaluation?: (evaluation: object) => void
  /** Adds a finished round, whole or not at all. */
  readonly save: (round: Round) => Promise<void>
  /** Keeps the state within a round in place of the point before. */
  readonly savePoint: (point: RoundPoint) => Promise<void>
  /** Lets others write. */
  readonly close: () => Promise<void>
}
