import type { FinishedJob } from '../finished-job.js'
import type { JobEvent } from '../runner.js'
import type { SweepCounts } from './sweep-error.js'

/** The store is open: the counts are those of earlier runs. */
export interface SweepOpened extends SweepCounts {
  readonly type: 'opened'
  /** Outcomes of the store that belong to none of the jobs. They stay. */
  readonly others: number
}

/** A job has an outcome, which is stored. */
export interface JobFinished extends SweepCounts {
  readonly type: 'finished'
  readonly key: string
  readonly outcome: FinishedJob
  /** Jobs a minute that this run has finished. */
  readonly perMinute: number
  /** Estimated seconds until the last job ends, at that rate. */
  readonly secondsLeft: number
}

/** Something that happens in a sweep. */
export type SweepEvent = SweepOpened | JobEvent | JobFinished
