import { thenClose } from '../../internal/then-close.js'
import { loadJob } from '../load-job.js'
import { moduleUrl } from '../module-url.js'
import { openRedis } from '../redis/open-redis.js'
import { checkRelease } from './check-release.js'
import { serveQueue } from './serve-queue.js'
import { openSlots } from './slots.js'
import { checkWorkerOptions, type WorkerOptions } from './worker-options.js'

const task = 'work for the queue'

/**
 * Works on the jobs of a queue until it is told to stop: start as many as there are machines, before
 * or after the driver. `npx tfjs-prune worker` does the same.
 *
 * Each job runs in a process of its own with its own tfjs, while this one renews its lock: a job may
 * compute for hours without a pause. The processes end with this one, by kill -9 too.
 *
 * @param options The module of the job, and the queue.
 * @returns Resolves when the signal is aborted, after its jobs are back in the queue, or when no job
 *   came for `idleSeconds`.
 * @throws {TypeError | RangeError} If an option is missing, unknown or wrong, or the module has no
 *   function as its default export.
 * @throws {Error} If the module cannot be imported, bullmq, ioredis or tinypool is not installed,
 *   Redis cannot be reached, or the driver has another version of this package; the job then goes
 *   back. An error of `onEvent` or `onOutcome` is passed on, once the jobs are back in the queue.
 *
 * @example
 * ```ts no-run
 * import { worker } from 'tfjs-prune/sweep'
 *
 * const stop = new AbortController()
 * process.once('SIGINT', () => stop.abort())
 * await worker({
 *   module: 'jobs.js',
 *   connection: 'redis://localhost:6379',
 *   name: 'study',
 *   signal: stop.signal,
 * })
 * ```
 */
export async function worker(options: WorkerOptions): Promise<void> {
  checkWorkerOptions(options, task)
  const module = moduleUrl(options.module, task)
  await loadJob(module)
  const slots = await openSlots()
  const work = async () => {
    const opened = await openRedis(options.connection, task)
    try {
      await checkRelease(opened, options.name)
      await serveQueue(opened, { module, slots }, options)
    } finally {
      opened.close()
    }
  }
  await thenClose(work, () => slots.close())
}
