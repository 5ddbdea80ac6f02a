import { checkOptions } from '../../internal/check-options.js'
import { required } from '../../internal/option-checks.js'
import { thenClose } from '../../internal/then-close.js'
import type { SweepJob } from '../job.js'
import { addressOf } from '../redis/address-of.js'
import { holdLock } from '../redis/hold-lock.js'
import { type OpenedRedis, openRedis } from '../redis/open-redis.js'
import { checkConnection, checkName } from '../redis/redis-checks.js'
import type { RedisConnection } from '../redis/redis-connection.js'
import type { Runner, RunnerContext } from '../runner.js'
import { addJobs } from './add-jobs.js'
import { driveJobs } from './drive-jobs.js'
import { type Line, openLine, STATES } from './open-line.js'
import { pendingJobs } from './pending-jobs.js'
import { keysOf } from './protocol.js'
import { checkFacts, factsOf, readFacts, writeFacts } from './queue-facts.js'
import { stopJobs } from './stop-jobs.js'

/** Options of {@link queue}. */
export interface QueueOptions {
  /** Where Redis is: a `redis://` or `rediss://` URL, or options of ioredis. */
  readonly connection: RedisConnection
  /** The name of the queue: letters, digits, dots, dashes and underscores. Workers name it too. */
  readonly name: string
}

const task = 'run the sweep'

/**
 * Runs jobs from a queue in Redis, by BullMQ: workers on any machine take them, see {@link worker}.
 *
 * Each job has one outcome, whatever is killed. The jobs of a lost worker go to another one after
 * seconds; a job that takes four workers with it is an outcome with an error. A driver that was
 * killed goes on where it was: the outcomes of the meantime wait in Redis, and nothing is added
 * twice. A connection that is lost is made anew; jobs that Redis has lost are added again.
 *
 * An abort takes the jobs out of the queue, and workers give up those that they are at.
 *
 * One driver at a time drives a queue. Needs the packages bullmq and ioredis, and Redis 6.2 or
 * later with `maxmemory-policy noeviction`, its default.
 *
 * @param options Where Redis is, and the name of the queue.
 * @returns A runner for {@link sweep}. Its connections are open while a sweep runs.
 * @throws {TypeError | RangeError} If an option is missing, unknown or wrong. The sweep rejects if a
 *   package is not installed, Redis cannot be reached, another driver is at work, or the queue
 *   holds jobs with other knobs or of another version of this package. Messages name the address
 *   without the password.
 *
 * @example
 * ```ts
 * import { queue } from 'tfjs-prune/sweep'
 *
 * const runner = queue({ connection: 'redis://:secret@localhost:6379', name: 'study' })
 * if (runner.name !== 'the queue study at redis://localhost:6379') throw new Error('its address')
 * ```
 * @see https://docs.bullmq.io
 */
export function queue(options: QueueOptions): Runner {
  const checks = { connection: required(checkConnection), name: required(checkName) }
  checkOptions(options, { task: 'make queue', checks })
  const { connection, name } = options
  return {
    name: `the queue ${name} at ${addressOf(connection)}`,
    run: async (jobs, context) => {
      context.signal.throwIfAborted()
      const opened = await openRedis(connection, task)
      try {
        await runLocked(opened, { name, jobs, context })
      } finally {
        opened.close()
      }
    },
  }
}

interface Run {
  readonly name: string
  readonly jobs: readonly SweepJob[]
  readonly context: RunnerContext
}

async function runLocked(opened: OpenedRedis, run: Run): Promise<void> {
  const subject = `the queue ${run.name}`
  const lock = await holdLock(opened, { key: keysOf(run.name).driver, task, subject })
  const work = async () => {
    const line = await openLine(opened, { name: run.name, task })
    const drive = async () => {
      await checkFree(opened, line, run)
      await runOrStop(opened, line, { ...run, lost: lock.lost })
    }
    await thenClose(drive, () => line.close())
  }
  await thenClose(work, lock.release)
}

/**
 * Throws if jobs of another sweep are in the queue. Those of this one may be there with fewer knobs,
 * where points differ in them and some are done.
 */
async function checkFree(opened: OpenedRedis, line: Line, { name, jobs }: Run): Promise<void> {
  const found = await readFacts(opened, keysOf(name).facts)
  const present = await line.jobs.getRanges(STATES, 0, -1)
  if (!found || present.length === 0) return
  const pending = pendingJobs(name, jobs)
  const own = factsOf(jobs)
  const isOwn = present.some((id) => pending.has(id))
  const wanted = isOwn ? { ...own, knobs: found.knobs } : own
  checkFacts(found, wanted, `the queue ${name} at ${opened.address}`)
}

async function runOrStop(
  opened: OpenedRedis,
  line: Line,
  { name, jobs, context, lost }: Run & { readonly lost: AbortSignal },
): Promise<void> {
  const pending = pendingJobs(name, jobs)
  const signal = AbortSignal.any([context.signal, lost])
  const stock = async () => {
    await writeFacts(opened, keysOf(name).facts, factsOf(jobs))
    await addJobs(line, pending, { retries: context.retries, signal })
  }
  const stopWaiting = closeAfter(signal, opened)
  try {
    await driveJobs({ line, opened, pending, context, signal, stock })
    // An empty queue is of no sweep: workers of any version may wait at it.
    if ((await line.jobs.getJobCountByTypes(...STATES)) === 0)
      await opened.redis.del(keysOf(name).facts)
  } catch (error) {
    if (!context.signal.aborted) throw error
    if (!lost.aborted) await stopJobs(opened, line, { name, pending }).catch(() => {})
    throw context.signal.reason
  } finally {
    stopWaiting()
  }
}

const PATIENCE_MILLISECONDS = 5000

/** Once the signal is aborted, a server that is gone is not waited for. */
function closeAfter(signal: AbortSignal, { redis, close }: OpenedRedis): () => void {
  let timer: ReturnType<typeof setInterval> | undefined
  const look = () => redis.status !== 'ready' && close()
  const start = () => {
    timer = setInterval(look, PATIENCE_MILLISECONDS)
  }
  signal.addEventListener('abort', start, { once: true })
  return () => {
    clearInterval(timer)
    signal.removeEventListener('abort', start)
  }
}
