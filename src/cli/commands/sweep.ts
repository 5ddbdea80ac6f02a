import { pathToFileURL } from 'node:url'
import {
  type FinishedJob,
  processes,
  type Runner,
  type SweepEvent,
  type SweepJob,
  type SweepRow,
  sweep,
} from 'tfjs-prune/sweep'
import { WrongUse } from '../terminal/wrong-use.js'

/** Options of {@link sweepModule}. */
export interface SweepModuleOptions {
  /** Folder of the outcomes. */
  readonly store: string
  /** Worker processes; left out, the jobs run in this process. */
  readonly workers?: number | undefined
  /** Tries of a job in all. @default 1 */
  readonly attempts?: number | undefined
  /** Seconds before the second try. @default 1 */
  readonly backoff?: number | undefined
  /** Runs jobs again that failed. @default false */
  readonly retryFailed?: boolean | undefined
  /** Another way to run the jobs than by `workers`. */
  readonly runner?: Runner | undefined
  readonly onEvent?: ((event: SweepEvent) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

/** The outcome of {@link sweepModule}: plain data. */
export interface SweptModule {
  readonly module: string
  readonly store: string
  /** Number of jobs. */
  readonly jobs: number
  readonly rows: readonly SweepRow[]
  readonly failed: readonly FinishedJob[]
  /** Jobs whose outcome was in the store. */
  readonly skipped: number
  /** Outcomes of the store that belong to none of the jobs. */
  readonly others: number
}

/** Runs the jobs that a module exports as `jobs`, by its default export. */
export async function sweepModule(
  module: string,
  options: SweepModuleOptions,
): Promise<SweptModule> {
  const { store, workers, attempts = 1, backoff = 1, retryFailed = false } = options
  const { onEvent, signal, runner = workers && processes({ workers }) } = options
  const jobs = await jobsOfModule(module)
  const outcome = await sweep(jobs, {
    ...{ module, store, attempts, backoffSeconds: backoff, retryFailed },
    ...{ ...(runner && { runner }), ...(onEvent && { onEvent }), ...(signal && { signal }) },
  })
  return { module, store, jobs: jobs.length, ...outcome }
}

/** The list of jobs that a module exports. */
async function jobsOfModule(module: string): Promise<readonly SweepJob[]> {
  const url = /^[a-z][a-z\d+.-]+:/i.test(module) ? module : pathToFileURL(module).href
  const { jobs } = (await import(url)) as { readonly jobs?: unknown }
  if (Array.isArray(jobs)) return jobs
  const wanted = `a list of jobs as the export jobs of ${module}`
  const got = jobs === undefined ? 'none' : typeof jobs
  throw new WrongUse(
    `Cannot sweep: expected ${wanted}, got ${got}: export const jobs = grid({ ... })`,
  )
}
