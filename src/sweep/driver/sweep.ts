import { checkFunction } from '../../internal/check-function.js'
import { checkOpened } from '../../internal/check-opened.js'
import { checkOptions, type OptionChecks } from '../../internal/check-options.js'
import { checkSignal } from '../../internal/check-signal.js'
import { anything, checkCount, checkFlag, checkNotNegative } from '../../internal/option-checks.js'
import type { FinishedJob } from '../finished-job.js'
import { inProcess } from '../in-process.js'
import type { SweepFunction, SweepJob, SweepPoint } from '../job.js'
import { memorySweep } from '../memory-sweep.js'
import { packageVersion } from '../package-version.js'
import type { Runner } from '../runner.js'
import type { SweepStore } from '../sweep-store.js'
import { checkJobs } from './check-jobs.js'
import { checkRunner } from './check-runner.js'
import { drive } from './drive.js'
import { jobSource } from './job-source.js'
import { storeAt } from './store-at.js'
import type { SweepEvent } from './sweep-event.js'
import { type SweepRow, sweepRows } from './sweep-rows.js'

/** Options of {@link sweep}. */
export interface SweepOptions<P extends SweepPoint = SweepPoint> {
  /**
   * The job: path or URL of a module whose default export it is. In this process, it may be the
   * function itself.
   */
  readonly module: string | URL | SweepFunction<P>
  /** The way to run jobs. @default inProcess() */
  readonly runner?: Runner
  /** Where outcomes are kept: the path of a folder, or a store. @default memorySweep() */
  readonly store?: string | URL | SweepStore
  /** Stops the sweep; finished jobs stay in the store, which has 5 seconds to take the last one. */
  readonly signal?: AbortSignal
  /** Tries of a job in all, 1 or more. @default 1 */
  readonly attempts?: number
  /** Seconds before the second try; twice as long before each further one. @default 1 */
  readonly backoffSeconds?: number
  /** Whether jobs whose stored outcome is an error are run again. @default false */
  readonly retryFailed?: boolean
  /** Hears of jobs as they start and end. An error of it, or a promise, ends the sweep. */
  readonly onEvent?: (event: SweepEvent) => void
}

/** The outcome of {@link sweep}: plain data. */
export interface SweepResult<P extends SweepPoint = SweepPoint> {
  /** The knobs of each job beside its figures, in the order of the jobs. */
  readonly rows: readonly SweepRow<P>[]
  /** Jobs that failed, with their last error, in the order of the jobs. They have no rows. */
  readonly failed: readonly FinishedJob<P>[]
  /** Jobs that were not run, since their outcome was in the store. */
  readonly skipped: number
  /** Outcomes of the store that belong to none of the jobs. They stay, and are not in the rows. */
  readonly others: number
}

const task = 'sweep'

const checks: OptionChecks<SweepOptions> = {
  module: Object.assign(() => {}, { required: true as const }),
  runner: checkRunner,
  store: anything,
  signal: checkSignal,
  attempts: checkCount,
  backoffSeconds: checkNotNegative,
  retryFailed: checkFlag,
  onEvent: checkFunction,
}

/**
 * Runs the jobs of a grid, each once, and gives tidy rows. What the store has is skipped, so that a
 * sweep which was ended, by an error, by Ctrl+C or by `kill -9` at any moment, goes on where it was.
 *
 * A job that throws is an outcome with its error, and the others go on. So is a job with a figure
 * that JSON does not give back as it is, such as NaN: null stands for an undefined figure.
 *
 * @param jobs The jobs, as `grid` and `jobsOf` make them; each key once.
 * @param options The job, the way to run it, and where outcomes are kept.
 * @returns Rows in the order of the jobs, whatever the order of their ends; and the failed jobs.
 * @throws {TypeError | RangeError} If an option or a job is wrong, the module has no function as its
 *   default export, or the store has outcomes of other knobs. Nothing is run then.
 * @throws {SweepError} If the sweep is aborted, or its runner or store fails, also as it is closed
 *   in the end: with counts of the jobs that are done.
 *
 * @example
 * ```ts
 * import { grid, sweep } from 'tfjs-prune/sweep'
 *
 * const jobs = grid({ rate: [0.1, 0.3], seed: [1, 2, 3] })
 * const { rows, failed } = await sweep(jobs, {
 *   module: ({ rate, seed }: { rate: number; seed: number }) => {
 *     if (rate * seed > 0.8) throw new Error('the loss is not finite')
 *     return { loss: (rate - 0.2) ** 2 + seed / 1000 }
 *   },
 * })
 * if (rows.length !== 5) throw new Error('a row a job: its knobs beside its figures')
 * if (failed[0]?.key !== 'rate=0.3,seed=3') throw new Error('a job that throws is told')
 * ```
 */
export async function sweep<P extends SweepPoint>(
  jobs: readonly SweepJob<P>[],
  options: SweepOptions<P>,
): Promise<SweepResult<P>> {
  checkOptions(options as SweepOptions, { task, checks })
  const { runner = inProcess(), attempts = 1, backoffSeconds = 1, retryFailed = false } = options
  const { signal = new AbortController().signal, onEvent = () => {} } = options
  checkJobs(jobs, task)
  const store = options.store === undefined ? memorySweep() : storeAt(options.store, task)
  signal.throwIfAborted()
  const source = await jobSource(options.module, runner)
  const knobs = [...new Set(jobs.flatMap(({ point }) => Object.keys(point)))].sort()
  const opened = await store.open({ knobs, version: packageVersion })
  const methods = ['save', 'close']
  checkOpened(opened, { task, opener: 'open of the store', methods, lists: ['finished'] })
  const retries = { attempts, backoffSeconds }
  const plan = { jobs, opened, runner, source, retries, retryFailed, signal, onEvent }
  const { outcomes, skipped, others } = await drive(plan)
  const inOrder = jobs.map(({ key }) => outcomes.get(key) as FinishedJob<P>)
  const failed = inOrder.filter(({ error }) => error !== undefined)
  return { rows: sweepRows(inOrder), failed, skipped, others }
}
