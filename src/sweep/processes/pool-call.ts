import type { SweepJob } from '../job.js'

/** One try of a job, as it is sent to a worker process: plain data. */
export interface PoolCall {
  readonly job: SweepJob
  readonly attempt: number
  /** The URL of the module whose default export is the job. */
  readonly module: string
}

/** A message of a worker process about the job that it runs. */
export type PoolMessage =
  | { readonly about: 'sweep'; readonly type: 'started'; readonly worker: string }
  | {
      readonly about: 'sweep'
      readonly type: 'progress'
      readonly share: number
      readonly message?: string
    }
