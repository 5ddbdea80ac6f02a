import type { RunnerContext } from '../runner.js'
import type { Line } from './open-line.js'
import type { PendingJobs } from './pending-jobs.js'
import { type QueuedJob, release } from './protocol.js'

const AT_ONCE = 500

/**
 * Adds the jobs to the queue; BullMQ leaves those alone that are in it in any state. An
 * abort ends it midway.
 */
export async function addJobs(
  { jobs }: Line,
  pending: PendingJobs,
  { retries: { attempts, backoffSeconds }, signal }: Pick<RunnerContext, 'retries' | 'signal'>,
): Promise<void> {
  const backoff = { type: 'exponential', delay: Math.round(backoffSeconds * 1000) }
  const all = [...pending].map(([jobId, { key, point }]) => ({
    name: 'job',
    data: { key, point, release } satisfies QueuedJob,
    opts: { jobId, attempts, backoff },
  }))
  for (let start = 0; start < all.length; start += AT_ONCE) {
    signal.throwIfAborted()
    await jobs.addBulk(all.slice(start, start + AT_ONCE))
  }
}
