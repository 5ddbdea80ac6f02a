import type { Worker } from 'bullmq'
import { atOnce } from '../../internal/at-once.js'
import { type BullModule, loadBull } from '../redis/load-redis.js'
import type { OpenedRedis } from '../redis/open-redis.js'
import { workerName } from '../worker-name.js'
import { otherRelease } from './check-release.js'
import { type IdleTimer, idleTimer } from './idle-timer.js'
import { processJob, type Workplace } from './process-job.js'
import { keysOf, PREFIX } from './protocol.js'
import type { Slots } from './slots.js'
import type { WorkerOptions } from './worker-options.js'

const task = 'work for the queue'
/** Lost workers that a job survives: with the next one it is an outcome with an error. */
const MOST_STALLS = 3
const LOCK_SECONDS = 8
const RETRY_MILLISECONDS = 1000
const CLOSE_MILLISECONDS = 4000

/** Takes jobs from a queue until the signal is aborted or the time without a job is over. */
export async function serveQueue(
  opened: OpenedRedis,
  jobs: { readonly module: string; readonly slots: Slots },
  options: WorkerOptions,
): Promise<void> {
  const { name, concurrency = 1, lockSeconds = LOCK_SECONDS, signal } = options
  const bull = await loadBull(task)
  const stop = new AbortController()
  let failure: { readonly error: unknown } | undefined
  const fail = (error: unknown) => {
    failure ??= { error }
    stop.abort()
  }
  const refuse = (release: string) => fail(otherRelease(name, release))
  const idle = idleTimer(options.idleSeconds ?? Number.POSITIVE_INFINITY, () => stop.abort())
  const place: Workplace = { bull, ...jobs, ...listenersOf(options, fail), refuse }
  const line = openWorker(opened, place, { name, concurrency, lockSeconds, during: idle.during })
  const hearing = hearStops(opened, name, { stop: () => line.cancelAllJobs(), fail })
  try {
    await aborted(signal ? AbortSignal.any([signal, stop.signal]) : stop.signal)
  } finally {
    idle.end()
    hearing.end()
    await closeWorker(line, opened)
  }
  if (failure) throw failure.error
}

/** The listeners of the caller; their errors end the worker, and no job hears of them. */
function listenersOf(
  { onEvent = () => {}, onOutcome = () => {} }: WorkerOptions,
  fail: (error: unknown) => void,
): Pick<Workplace, 'onEvent' | 'onOutcome'> {
  const guarded = <T>(name: string, listener: (told: T) => void) => {
    const tell = atOnce(listener, { task, name })
    return (told: T) => {
      try {
        tell(told)
      } catch (error) {
        fail(error)
      }
    }
  }
  return { onEvent: guarded('onEvent', onEvent), onOutcome: guarded('onOutcome', onOutcome) }
}

interface Line {
  readonly name: string
  readonly concurrency: number
  readonly lockSeconds: number
  readonly during: IdleTimer['during']
}

function openWorker(
  { redis }: OpenedRedis,
  place: Workplace,
  { name, concurrency, lockSeconds, during }: Line,
): Worker {
  const lockDuration = lockSeconds * 1000
  const line = new place.bull.Worker(
    name,
    (job, token, signal) =>
      during(() => processJob({ job, token: token!, signal: signal! }, place)),
    {
      connection: redis,
      prefix: PREFIX,
      skipVersionCheck: true,
      name: workerName(),
      concurrency,
      lockDuration,
      lockRenewTime: lockDuration / 4,
      stalledInterval: lockDuration / 2,
      maxStalledCount: MOST_STALLS,
      runRetryDelay: RETRY_MILLISECONDS,
    } as ConstructorParameters<BullModule['Worker']>[2],
  )
  // A lost connection is made anew by itself; a job whose lock is lost is another's.
  line.on('error', () => {})
  line.on('lockRenewalFailed', (ids) => {
    for (const id of ids) line.cancelJob(id)
  })
  return line
}

interface Hearing {
  readonly stop: () => void
  readonly fail: (error: unknown) => void
}

/** Listens to a driver that stops the sweep; a server that never answers is not waited for. */
function hearStops({ redis }: OpenedRedis, name: string, { stop, fail }: Hearing) {
  const messages = redis.duplicate({ lazyConnect: false })
  let hasEnded = false
  messages.on('error', () => {})
  messages.on('message', stop)
  messages.subscribe(keysOf(name).stop).catch((error: unknown) => {
    if (!hasEnded) fail(error)
  })
  return {
    end: () => {
      hasEnded = true
      messages.disconnect()
    },
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}

/** Gives all jobs back and closes; a server that is gone is not waited for. */
async function closeWorker(line: Worker, { close }: OpenedRedis): Promise<void> {
  const giveBack = setInterval(() => line.cancelAllJobs(), 50)
  line.cancelAllJobs()
  const closed = line.close().catch(() => {})
  try {
    if (await isOver(closed)) return
    close()
    // BullMQ may still wait for a connection, which will not come.
    await isOver(closed)
  } finally {
    clearInterval(giveBack)
  }
}

/** Whether work ends in time. */
async function isOver(work: Promise<void>): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), CLOSE_MILLISECONDS)
  })
  const inTime = await Promise.race([work.then(() => true), late])
  clearTimeout(timer)
  return inTime
}
