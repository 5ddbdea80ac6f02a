import type { Job } from 'bullmq'
import type { RunnerContext } from '../runner.js'
import type { Line } from './open-line.js'
import { outcomeOf } from './outcome-of.js'
import type { PendingJobs } from './pending-jobs.js'

const AT_ONCE = 100

/**
 * Stores the outcomes of jobs that have ended, and only then takes them out of the queue and of
 * `pending`. Jobs of others stay where they are.
 */
export async function collectEnded(
  { jobs }: Line,
  pending: PendingJobs,
  { finish, isStored }: Pick<RunnerContext, 'finish' | 'isStored'>,
): Promise<void> {
  const ended = await jobs.getRanges(['completed', 'failed'], 0, -1, true)
  const own = ended.filter((id) => pending.has(id))
  for (let start = 0; start < own.length; start += AT_ONCE) {
    const ids = own.slice(start, start + AT_ONCE)
    const found = await Promise.all(ids.map((id) => jobs.getJob(id)))
    const present = found.filter((job): job is Job => job !== undefined)
    // A failure that an earlier driver stored and did not remove: its job is to be run again.
    const fresh = present.filter((job) => !isStored(outcomeOf(job)))
    for (const job of fresh) await finish(outcomeOf(job))
    await Promise.all(present.map(({ id }) => jobs.remove(id!)))
    for (const { id } of fresh) pending.delete(id!)
  }
}
