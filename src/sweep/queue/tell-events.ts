import type { JobEvent } from '../runner.js'
import type { Line } from './open-line.js'
import type { PendingJobs } from './pending-jobs.js'

/** Passes on the events of jobs, which workers write as their progress. */
export function tellEvents(
  { events }: Line,
  pending: PendingJobs,
  tell: (event: JobEvent) => void,
): void {
  const attempts = new Map<string, number>()
  events.on('progress', ({ jobId, data }) => {
    if (!pending.has(jobId)) return
    const event = data as unknown as JobEvent
    if (event.type === 'started') attempts.set(jobId, event.attempt)
    tell(event)
  })
  events.on('stalled', ({ jobId }) => {
    const job = pending.get(jobId)
    const attempt = attempts.get(jobId) ?? 1
    if (job) tell({ type: 'retried', key: job.key, attempt, reason: 'its worker was lost' })
  })
}
