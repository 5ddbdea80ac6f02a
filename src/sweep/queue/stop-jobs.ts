import type { OpenedRedis } from '../redis/open-redis.js'
import type { Line } from './open-line.js'
import type { PendingJobs } from './pending-jobs.js'
import { keysOf } from './protocol.js'

const AT_ONCE = 500
const PATIENCE_MILLISECONDS = 5000
const POLL_MILLISECONDS = 100

/**
 * Takes the jobs out of the queue, so that nobody goes on with them: workers give back those that
 * they are at. One that does not answer keeps its job; the next driver finds the outcome.
 */
export async function stopJobs(
  { redis }: OpenedRedis,
  { jobs }: Line,
  { name, pending }: { readonly name: string; readonly pending: PendingJobs },
): Promise<void> {
  await jobs.pause()
  try {
    const end = Date.now() + PATIENCE_MILLISECONDS
    while (Date.now() < end) {
      await redis.publish(keysOf(name).stop, 'stop')
      const active = await jobs.getRanges(['active'], 0, -1)
      if (!active.some((id) => pending.has(id))) break
      await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS))
    }
    const left = await jobs.getRanges(['wait', 'delayed', 'prioritized'], 0, -1)
    const own = left.filter((id) => pending.has(id))
    for (let start = 0; start < own.length; start += AT_ONCE)
      await Promise.all(own.slice(start, start + AT_ONCE).map((id) => jobs.remove(id)))
  } finally {
    await jobs.resume()
  }
}
