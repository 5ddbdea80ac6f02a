import type { FinishedJob } from './finished-job.js'

/** The facts that tell one sweep from another. */
export interface SweepFacts {
  /** Names of the knobs of its points, sorted; none where there are no jobs. */
  readonly knobs: readonly string[]
  /** The version of this package. */
  readonly version: string
}

/** Keeps the outcomes of jobs, so that a sweep goes on where it was left. */
export interface SweepStore {
  /** Names the store in errors: a path, or an address. */
  readonly name: string
  /**
   * Opens it for one driver. Throws, and keeps nothing open, where another driver is at work, or the
   * outcomes are of a grid with other knobs. Facts without knobs fit all.
   */
  readonly open: (facts: SweepFacts) => Promise<OpenedSweep>
  /** All outcomes as {@link OpenedSweep} has them; empty where there are none. A driver may be at work. */
  readonly read: () => Promise<readonly FinishedJob[]>
}

/** A store that is open for one driver. */
export interface OpenedSweep {
  /** All outcomes, in the order in which they were stored; of a key, the last one counts. */
  readonly finished: readonly FinishedJob[]
  /** Adds an outcome, whole or not at all; it is there for good when the promise resolves. */
  readonly save: (outcome: FinishedJob) => Promise<void>
  /** Lets other drivers in. */
  readonly close: () => Promise<void>
}
