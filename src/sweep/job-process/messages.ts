import type { FinishedJob } from '../finished-job.js'
import type { SweepJob } from '../job.js'

/** A message to a process of jobs. */
export type ToProcess =
  | {
      readonly type: 'run'
      readonly job: SweepJob
      readonly attempt: number
      readonly worker: string
    }
  | { readonly type: 'abort' }

/** A message from a process of jobs. */
export type FromProcess =
  | { readonly type: 'ready' }
  | {
      readonly type: 'refused'
      readonly error: { readonly name: string; readonly message: string }
    }
  | { readonly type: 'progress'; readonly share: number; readonly message?: string }
  | { readonly type: 'ended'; readonly outcome: FinishedJob }
  | { readonly type: 'stopped' }
