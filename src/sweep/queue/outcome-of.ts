import type { Job } from 'bullmq'
import type { FinishedJob } from '../finished-job.js'
import type { QueuedJob } from './protocol.js'

/** The outcome of a job that BullMQ holds as completed, or as failed without one. */
export function outcomeOf(job: Job): FinishedJob {
  if (job.returnvalue) return job.returnvalue as FinishedJob
  const { key, point } = job.data as QueuedJob
  const end = job.finishedOn ?? job.timestamp
  return {
    key,
    point,
    rows: [],
    error: { name: 'Error', message: job.failedReason },
    attempts: Math.max(job.attemptsStarted, 1),
    seconds: (end - (job.processedOn ?? end)) / 1000,
    finishedAt: new Date(end).toISOString(),
    worker: job.processedBy ?? 'unknown',
  }
}
