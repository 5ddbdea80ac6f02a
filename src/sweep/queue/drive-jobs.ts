import { checkMemory } from '../redis/check-memory.js'
import type { OpenedRedis } from '../redis/open-redis.js'
import type { RunnerContext } from '../runner.js'
import { alarm } from './alarm.js'
import { collectEnded } from './collect-ended.js'
import { type Line, STATES } from './open-line.js'
import type { PendingJobs } from './pending-jobs.js'
import { tellEvents } from './tell-events.js'

/** A driver at work. */
export interface Drive {
  readonly line: Line
  readonly opened: OpenedRedis
  readonly pending: PendingJobs
  readonly context: RunnerContext
  /** Aborted if the sweep is, or another driver has taken over. */
  readonly signal: AbortSignal
  /** Puts the pending jobs in the queue that are not there. */
  readonly stock: () => Promise<void>
}

/** Events wake the driver; this often it looks by itself, since events can be lost. */
const LOOK_MILLISECONDS = 3000

/**
 * Adds the jobs, and stores outcomes until each has one. Jobs that the queue has lost, since Redis
 * was started anew from an older state, are added again. Rejects if the signal is aborted, or the
 * memory of the server is full.
 */
export async function driveJobs(drive: Drive): Promise<void> {
  const { line, pending, context, signal, stock } = drive
  const { ring, next } = alarm(LOOK_MILLISECONDS)
  let isReconnected = false
  const look = () => {
    isReconnected = true
    ring()
  }
  tellEvents(line, pending, context.tell)
  line.events.on('completed', ring)
  line.events.on('failed', ring)
  drive.opened.redis.on('ready', look)
  signal.addEventListener('abort', ring, { once: true })
  try {
    // A driver that was ended while it stopped the queue has left it so.
    await line.jobs.resume()
    await collectEnded(line, pending, context)
    await stock()
    while (pending.size > 0) {
      await next()
      signal.throwIfAborted()
      await collectEnded(line, pending, context)
      if (pending.size > 0) await checkMemory(drive.opened, 'drive the queue')
      if (isReconnected || (await hasLostJobs(drive))) {
        isReconnected = false
        await stock()
      }
    }
  } finally {
    drive.opened.redis.off('ready', look)
    signal.removeEventListener('abort', ring)
  }
}

async function hasLostJobs({ line, pending }: Drive): Promise<boolean> {
  return (await line.jobs.getJobCountByTypes(...STATES)) < pending.size
}
