import type { JobError } from '../finished-job.js'
import type { SweepCounts } from './sweep-error.js'
import type { SweepEvent } from './sweep-event.js'

/** A job that runs now. */
export interface RunningJob {
  readonly key: string
  /** The process that runs it, e.g. `host:1234`. */
  readonly worker: string
  /** 1 for the first try. */
  readonly attempt: number
  /** When this try began, in milliseconds. */
  readonly since: number
  /** Share that is done, in [0, 1], and a word on it, where the job tells them. */
  readonly share?: number
  readonly message?: string
}

/** The state of a sweep, for a table or a page: plain data. */
export interface SweepState extends SweepCounts {
  /** In the order in which they started. */
  readonly running: readonly RunningJob[]
  /** Jobs that wait for their next try. */
  readonly retrying: readonly string[]
  /** The last errors of jobs, at most 3, the latest first. */
  readonly errors: readonly { readonly key: string; readonly error: JobError }[]
  /** Jobs a minute that this run has finished. */
  readonly perMinute?: number
  /** Estimated seconds until the last job ends, when the last one ended. */
  readonly secondsLeft?: number
}

/**
 * The state before the first event, for {@link nextSweepState}.
 *
 * @example
 * ```ts
 * import { emptySweepState, nextSweepState } from 'tfjs-prune/sweep'
 *
 * const opened = { type: 'opened', done: 2, failed: 0, of: 8, others: 0 } as const
 * const state = nextSweepState(emptySweepState, opened, Date.now())
 * if (state.done !== 2 || state.of !== 8) throw new Error('the counts of earlier runs')
 * ```
 */
export const emptySweepState: SweepState = {
  ...{ done: 0, failed: 0, of: 0 },
  ...{ running: [], retrying: [], errors: [] },
}

const MOST_ERRORS = 3

/**
 * The state of a sweep after an event: a pure step, for the option `onEvent`.
 *
 * @param state The state before; {@link emptySweepState} at first.
 * @param event The event.
 * @param now The time of the event in milliseconds, by the clock that the table is drawn by.
 * @returns The state after it; the one before is not changed.
 *
 * @example
 * ```ts
 * import { emptySweepState, grid, nextSweepState, sweep, sweepTable } from 'tfjs-prune/sweep'
 *
 * let state = emptySweepState
 * await sweep(grid({ seed: [1, 2] }), {
 *   module: ({ seed }: { seed: number }) => ({ square: seed * seed }),
 *   onEvent: (event) => {
 *     state = nextSweepState(state, event, Date.now())
 *   },
 * })
 * const table = sweepTable(state, { now: Date.now() })
 * if (!table.includes('2 of 2 jobs done')) throw new Error('the table tells the counts')
 * ```
 */
export function nextSweepState(state: SweepState, event: SweepEvent, now: number): SweepState {
  if (event.type === 'opened') return { ...state, ...countsOf(event) }
  const { key } = event
  const [running, retrying] = [without(state.running, key), others(state.retrying, key)]
  switch (event.type) {
    case 'started': {
      const { attempt, worker } = event
      return { ...state, retrying, running: [...running, { key, worker, attempt, since: now }] }
    }
    case 'progress': {
      const { share, message } = event
      const told = { share, ...(message !== undefined && { message }) }
      return { ...state, running: state.running.map((job) => withProgress(job, key, told)) }
    }
    case 'retried':
      return { ...state, running, retrying: [...retrying, key] }
    case 'finished': {
      const { perMinute, secondsLeft, outcome } = event
      const { error } = outcome
      const errors = error ? [{ key, error }, ...state.errors].slice(0, MOST_ERRORS) : state.errors
      return { running, retrying, errors, ...countsOf(event), perMinute, secondsLeft }
    }
  }
}

const countsOf = ({ done, failed, of }: SweepCounts) => ({ done, failed, of })

const others = (keys: readonly string[], key: string) => keys.filter((one) => one !== key)

const without = (jobs: readonly RunningJob[], key: string) => jobs.filter((job) => job.key !== key)

const withProgress = (
  job: RunningJob,
  key: string,
  told: Pick<RunningJob, 'share' | 'message'>,
): RunningJob => (job.key === key ? { ...job, ...told } : job)
