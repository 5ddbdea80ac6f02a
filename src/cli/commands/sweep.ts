import { existsSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import {
  type FinishedJob,
  processes,
  queue,
  type Runner,
  redisSweep,
  type SweepEvent,
  type SweepJob,
  type SweepRow,
  type SweepStore,
  sweep,
} from 'tfjs-prune/sweep'
import { WrongUse } from '../terminal/wrong-use.js'

/** Options of {@link sweepModule}. */
export interface SweepModuleOptions {
  /** Folder of the outcomes, or URL of the Redis that keeps them. */
  readonly store: string
  /** Worker processes; left out, the jobs run in this process. */
  readonly workers?: number | undefined
  /** Tries of a job in all. @default 1 */
  readonly attempts?: number | undefined
  /** Seconds before the second try. @default 1 */
  readonly backoff?: number | undefined
  /** Runs jobs again that failed. @default false */
  readonly retryFailed?: boolean | undefined
  /** Redis with the queue whose workers run the jobs. */
  readonly queue?: string | undefined
  /** The name of the queue, and of the sweep where Redis is its store. */
  readonly name?: string | undefined
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
  const { attempts = 1, backoff = 1, retryFailed = false, onEvent, signal } = options
  const [runner, store] = [runnerOf(options), storeOf(options)]
  const jobs = await jobsOfModule(module)
  const outcome = await sweep(jobs, {
    ...{ module, store, attempts, backoffSeconds: backoff, retryFailed },
    ...{ ...(runner && { runner }), ...(onEvent && { onEvent }), ...(signal && { signal }) },
  })
  const place = typeof store === 'string' ? store : store.name
  return { module, store: place, jobs: jobs.length, ...outcome }
}

function runnerOf({ workers, queue: connection, name }: SweepModuleOptions): Runner | undefined {
  if (connection !== undefined) return queue({ connection, name: named(name) })
  return workers === undefined ? undefined : processes({ workers })
}

function storeOf({ store, name }: SweepModuleOptions): string | SweepStore {
  if (!/^rediss?:/i.test(store)) return store
  return redisSweep({ connection: store, name: named(name) })
}

function named(name: string | undefined): string {
  if (name !== undefined) return name
  throw new WrongUse('Cannot sweep with Redis: expected --name <name>, got none')
}

/** The list of jobs that a module exports. */
async function jobsOfModule(module: string): Promise<readonly SweepJob[]> {
  const isUrl = /^[a-z][a-z\d+.-]+:/i.test(module)
  if (!isUrl && !existsSync(module))
    throw new WrongUse(`Cannot sweep: expected a module at ${module}, got no file`)
  const url = isUrl ? module : pathToFileURL(module).href
  const { jobs } = (await import(url)) as { readonly jobs?: unknown }
  if (Array.isArray(jobs)) return jobs
  const wanted = `a list of jobs as the export jobs of ${module}`
  const got = jobs === undefined ? 'none' : typeof jobs
  throw new WrongUse(
    `Cannot sweep: expected ${wanted}, got ${got}: export const jobs = grid({ ... })`,
  )
}
