import type { FinishedJob } from './finished-job.js'
import type { SweepFunction, SweepJob } from './job.js'

/** Something that happens to a job before its end. */
export type JobEvent =
  | {
      readonly type: 'started'
      readonly key: string
      readonly attempt: number
      readonly worker: string
    }
  | {
      readonly type: 'progress'
      readonly key: string
      readonly share: number
      readonly message?: string
    }
  | {
      readonly type: 'retried'
      readonly key: string
      readonly attempt: number
      readonly reason: string
    }

/** How often a job is tried, and how long is waited before it is tried again. */
export interface Retries {
  /** Tries of a job in all, 1 or more. */
  readonly attempts: number
  /** Seconds before the second try; twice as long before each further one. */
  readonly backoffSeconds: number
}

/** The side of a sweep that a runner sees. */
export interface RunnerContext {
  /** The URL of the module whose default export is the job: `file:///...`; empty for a function. */
  readonly module: string
  /** The job, where the caller gave it as a function: for runners that take functions. */
  readonly function?: SweepFunction
  readonly retries: Retries
  readonly signal: AbortSignal
  /**
   * Takes the outcome of a job. It is stored for good when the promise resolves: only then may a
   * runner forget the job. A second outcome of a job is dropped.
   */
  readonly finish: (outcome: FinishedJob) => Promise<void>
  /**
   * Whether an outcome was in the store when the sweep began. A runner that still holds it, as a
   * queue may after a crash, forgets it and runs the job again.
   */
  readonly isStored: (outcome: FinishedJob) => boolean
  /** Tells an event of a job before its end. */
  readonly tell: (event: JobEvent) => void
}

/** A way to run jobs: here, in processes, or from a queue. */
export interface Runner {
  /** Names the way in errors. */
  readonly name: string
  /** Whether it runs functions of this process; other runners need a module. @default false */
  readonly takesFunctions?: boolean
  /**
   * Runs jobs in any order. A job that throws is an outcome with its error, and the others go on.
   * Resolves when each job has an outcome that is stored. Rejects where the runner itself fails,
   * `finish` does, or the signal is aborted, after its processes and connections are closed.
   */
  readonly run: (jobs: readonly SweepJob[], context: RunnerContext) => Promise<void>
}
