import { checkFunction } from '../../internal/check-function.js'
import { checkOptions, type OptionChecks } from '../../internal/check-options.js'
import { checkSignal } from '../../internal/check-signal.js'
import { anything, checkCount, numberThat, required } from '../../internal/option-checks.js'
import type { FinishedJob } from '../finished-job.js'
import { LONGEST_TIMER } from '../longest-timer.js'
import { checkConnection, checkName } from '../redis/redis-checks.js'
import type { RedisConnection } from '../redis/redis-connection.js'
import type { JobEvent } from '../runner.js'

/** Options of `worker`. */
export interface WorkerOptions {
  /** Path or URL of the module whose default export is the job. */
  readonly module: string | URL
  /** Where Redis is: a `redis://` or `rediss://` URL, or options of ioredis. */
  readonly connection: RedisConnection
  /** The name of the queue, as the driver has it. */
  readonly name: string
  /** Jobs at the same time, each in a process with a tfjs of its own. @default 1 */
  readonly concurrency?: number
  /** Ends the worker when it is aborted: it gives its jobs back to the queue. */
  readonly signal?: AbortSignal
  /**
   * Ends the worker after so many seconds without a job.
   * @default Infinity, it waits for the next sweep
   */
  readonly idleSeconds?: number
  /**
   * Seconds after which the jobs of a lost worker may be taken over by others; up to as many go by
   * until they look. @default 8
   */
  readonly lockSeconds?: number
  /**
   * Told when a job of this worker starts, goes on or is tried again. An error of it ends the worker,
   * which gives its jobs back; so does a promise. @default nothing
   */
  readonly onEvent?: (event: JobEvent) => void
  /**
   * Told the outcome of each job, which goes back to the driver. An error of it, or a promise, ends
   * the worker; the outcome still goes back. @default nothing
   */
  readonly onOutcome?: (outcome: FinishedJob) => void
}

const LONGEST_SECONDS = Math.floor(LONGEST_TIMER / 1000)

const isTimed = (seconds: number) => seconds > 0 && seconds <= LONGEST_SECONDS

const checks: OptionChecks<WorkerOptions> = {
  module: required(anything), // Checked where it becomes a URL.
  connection: required(checkConnection),
  name: required(checkName),
  concurrency: checkCount,
  signal: checkSignal,
  idleSeconds: numberThat(
    `above 0 and at most ${LONGEST_SECONDS}, or Infinity`,
    (seconds) => isTimed(seconds) || seconds === Number.POSITIVE_INFINITY,
  ),
  lockSeconds: numberThat(`above 0 and at most ${LONGEST_SECONDS}`, isTimed),
  onEvent: checkFunction,
  onOutcome: checkFunction,
}

/** Throws for an option that is missing, unknown or wrong. */
export function checkWorkerOptions(options: WorkerOptions, task: string): void {
  checkOptions(options, { task, checks })
}
