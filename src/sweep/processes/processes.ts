import { checkOptions, type OptionChecks } from '../../internal/check-options.js'
import { copyOptions } from '../../internal/copy-options.js'
import { describe } from '../../internal/describe.js'
import { checkCount, required } from '../../internal/option-checks.js'
import { optionError } from '../../internal/option-error.js'
import { thenClose } from '../../internal/then-close.js'
import type { FinishedJob } from '../finished-job.js'
import type { SweepJob } from '../job.js'
import { runInSlots } from '../run-in-slots.js'
import { jobError } from '../run-job.js'
import type { Runner, RunnerContext } from '../runner.js'
import { workerName } from '../worker-name.js'
import { type JobPool, startJobPool } from './job-pool.js'
import { LostWorker } from './lost-worker.js'
import type { PoolMessage } from './pool-call.js'

/** Options of {@link processes}. */
export interface ProcessesOptions {
  /** Number of processes, each of which runs one job at a time. */
  readonly workers: number
  /**
   * Flags of Node for the processes, such as `['--max-old-space-size=4096']`, or
   * `['--import', 'tsx']` for modules of TypeScript. @default those of this process
   */
  readonly execArgv?: readonly string[]
}

/** Workers that a job may lose before it counts as failed. */
const MOST_LOST = 3

const checks: OptionChecks<ProcessesOptions> = {
  workers: required(checkCount),
  execArgv: (value, { task, name }) => {
    if (Array.isArray(value) && value.every((flag) => typeof flag === 'string')) return
    const wanted = `a list of flags as ${name}`
    throw optionError(new TypeError(`Cannot ${task}: expected ${wanted}, got ${describe(value)}`))
  },
}

/**
 * Runs jobs in processes on this machine, by the package tinypool, an optional peer
 * (`npm install tinypool@2`). Each process imports the module of the job, and with it tfjs, once.
 *
 * A process that is killed or runs out of memory is replaced, and its job is tried again, which
 * `attempts` does not count; a job that has cost 3 processes has failed. An abort kills the
 * processes; they end too where this process ends, by `kill -9` or otherwise. Their output goes to
 * that of this process.
 *
 * @param options How many processes, and their flags.
 * @returns A runner for {@link sweep}, whose job is a module.
 * @throws {TypeError | RangeError} If an option is unknown or wrong. The sweep rejects where
 *   tinypool is missing or no process starts.
 *
 * @example
 * ```ts
 * import { grid, processes, sweep } from 'tfjs-prune/sweep'
 *
 * const code = 'export default ({ seed }) => ({ square: seed * seed, pid: process.pid })'
 * const module = `data:text/javascript,${encodeURIComponent(code)}`
 * const { rows } = await sweep(grid({ seed: [1, 2, 3] }), {
 *   module, // best the path of a file: './jobs.js'
 *   runner: processes({ workers: 2 }),
 * })
 * if (rows[2]?.square !== 9) throw new Error('a row a job')
 * if (rows[0]?.pid === process.pid) throw new Error('in processes of their own')
 * ```
 */
export function processes(options: ProcessesOptions): Runner {
  checkOptions(options, { task: 'sweep in processes', checks })
  const own = copyOptions(options, checks)
  return { name: 'processes', run: (jobs, context) => run(jobs, context, own) }
}

async function run(
  jobs: readonly SweepJob[],
  context: RunnerContext,
  options: ProcessesOptions,
): Promise<void> {
  const workers = Math.min(options.workers, jobs.length)
  const pool = await startJobPool({ ...options, workers })
  const losses = new Map<string, number>()
  const work = () =>
    runInSlots(jobs, context, {
      count: workers,
      tryOnce: async (job, attempt, signal) => {
        const kill = () => void pool.close()
        signal.addEventListener('abort', kill)
        try {
          return await untilKept(job, attempt, { pool, context, signal, losses })
        } finally {
          signal.removeEventListener('abort', kill)
        }
      },
    })
  await thenClose(work, () => pool.close())
}

interface Surroundings {
  readonly pool: JobPool
  readonly context: RunnerContext
  readonly signal: AbortSignal
  /** Workers that were lost, by the key of the job. */
  readonly losses: Map<string, number>
}

/** Tries a job until a worker lives to its end, or too many were lost. */
async function untilKept(
  job: SweepJob,
  attempt: number,
  { pool, context, signal, losses }: Surroundings,
): Promise<FinishedJob> {
  const { module, tell } = context
  const { key, point } = job
  for (;;) {
    const lost = losses.get(key) ?? 0
    const tries = attempt + lost
    const start = performance.now()
    try {
      const onMessage = (message: PoolMessage) => tell(eventOf(message, { key, attempt: tries }))
      return await pool.run({ job, attempt: tries, module }, onMessage)
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof LostWorker)) throw error
      losses.set(key, lost + 1)
      const { message } = error
      if (lost + 1 < MOST_LOST) {
        tell({ type: 'retried', key, attempt: tries, reason: message })
        continue
      }
      const seconds = Math.round(performance.now() - start) / 1000
      const end = { seconds, finishedAt: new Date().toISOString(), worker: workerName() }
      return { key, point, rows: [], error: jobError(error), attempts: tries, ...end }
    }
  }
}

function eventOf(message: PoolMessage, about: { readonly key: string; readonly attempt: number }) {
  const { key } = about
  if (message.type === 'started')
    return { type: 'started', ...about, worker: message.worker } as const
  const { share, message: word } = message
  return { type: 'progress', key, share, ...(word !== undefined && { message: word }) } as const
}
