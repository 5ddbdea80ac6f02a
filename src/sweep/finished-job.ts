import type { SweepFigures, SweepPoint } from './job.js'

/** The error of a job that threw. */
export interface JobError {
  readonly name: string
  readonly message: string
  readonly stack?: string
}

/** The outcome of a job, good or bad: plain data, one entry of a store. */
export interface FinishedJob<P extends SweepPoint = SweepPoint> {
  readonly key: string
  readonly point: P
  /** Its rows; an empty list where it threw. */
  readonly rows: readonly SweepFigures[]
  /** Its last error; left out where it ended well. */
  readonly error?: JobError
  /** Tries that it took. */
  readonly attempts: number
  /** Seconds of the last try. */
  readonly seconds: number
  /** The end of the last try, ISO 8601 in UTC. */
  readonly finishedAt: string
  /** The process that ran it, e.g. `host:1234`. */
  readonly worker: string
}
