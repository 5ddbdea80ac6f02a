import type { JobType, Queue, QueueEvents } from 'bullmq'
import { loadBull } from '../redis/load-redis.js'
import type { OpenedRedis } from '../redis/open-redis.js'
import { PREFIX } from './protocol.js'

/** A queue of BullMQ, seen by the driver. */
export interface Line {
  readonly jobs: Queue
  readonly events: QueueEvents
  readonly close: () => Promise<void>
}

/** Kept in Redis, figures and all; they only wake the driver, so that a lost one does no harm. */
const MOST_EVENTS = 1000

/** All states of a job. */
export const STATES: JobType[] = ['wait', 'active', 'delayed', 'prioritized', 'completed', 'failed']

interface LineRequest {
  readonly name: string
  readonly task: string
}

/** Opens the queue of a sweep over a connection, which stays open behind it. */
export async function openLine({ redis }: OpenedRedis, { name, task }: LineRequest): Promise<Line> {
  const { Queue, QueueEvents } = await loadBull(task)
  const forEvents = redis.duplicate({ lazyConnect: false })
  const options = { prefix: PREFIX, skipVersionCheck: true }
  const streams = { events: { maxLen: MOST_EVENTS } }
  const jobs = new Queue(name, { ...options, streams, connection: redis })
  const events = new QueueEvents(name, { ...options, connection: forEvents })
  // A lost connection is made anew by itself; commands wait for it.
  const ignore = () => {}
  forEvents.on('error', ignore)
  jobs.on('error', ignore)
  events.on('error', ignore)
  await Promise.all([jobs.waitUntilReady(), events.waitUntilReady()])
  const close = async () => {
    await Promise.allSettled([events.close(), jobs.close()])
    forEvents.disconnect()
  }
  return { jobs, events, close }
}
