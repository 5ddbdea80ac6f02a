import type { SweepJob } from '../job.js'
import { jobIdOf } from './protocol.js'

/** Jobs without a stored outcome, by the names that BullMQ knows them by. */
export type PendingJobs = Map<string, SweepJob>

/** All jobs, before the first outcome. */
export function pendingJobs(name: string, jobs: readonly SweepJob[]): PendingJobs {
  return new Map(jobs.map((job) => [jobIdOf(name, job.key), job]))
}
