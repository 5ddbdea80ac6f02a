import { giveTurn } from '../internal/event-loop.js'
import type { FinishedJob } from './finished-job.js'
import type { SweepJob } from './job.js'
import { pause } from './pause.js'
import type { RunnerContext } from './runner.js'

/** How jobs are run side by side. */
export interface Slots {
  /** Jobs that run at once. */
  readonly count: number
  /** Runs a job once; `attempt` is 1 for the first try. */
  readonly tryOnce: (job: SweepJob, attempt: number, signal: AbortSignal) => Promise<FinishedJob>
}

interface Try {
  readonly job: SweepJob
  readonly attempt: number
  /** By the clock of `performance.now`. */
  readonly due: number
}

/**
 * Runs jobs, so many at once, and hands over their outcomes. A job that fails is tried again after
 * its wait; other jobs run meanwhile. The first error of a slot or of `finish` stops all slots.
 */
export async function runInSlots(
  jobs: readonly SweepJob[],
  { retries, signal: outer, finish, tell }: RunnerContext,
  { count, tryOnce }: Slots,
): Promise<void> {
  const stop = new AbortController()
  const signal = AbortSignal.any([outer, stop.signal])
  const next = tries(jobs, signal)
  const runSlot = async () => {
    for (let one = await next.take(); one; one = await next.take()) {
      const { job, attempt } = one
      signal.throwIfAborted()
      const outcome = await tryOnce(job, attempt, signal)
      if (!outcome.error || attempt >= retries.attempts) {
        await finish(outcome)
      } else {
        tell({ type: 'retried', key: job.key, attempt, reason: outcome.error.message })
        const wait = retries.backoffSeconds * 1000 * 2 ** (attempt - 1)
        next.giveBack({ job, attempt: attempt + 1, due: performance.now() + wait })
      }
      await giveTurn()
    }
  }
  const slots = Array.from({ length: Math.min(count, jobs.length) }, () =>
    runSlot().catch((error) => stop.abort(error)),
  )
  await Promise.all(slots)
  stop.signal.throwIfAborted()
}

/** Hands out the tries that are due: jobs that wait for their next one, before fresh jobs. */
function tries(jobs: readonly SweepJob[], signal: AbortSignal) {
  const fresh = jobs.values()
  const later: Try[] = []
  const take = async (): Promise<Try | undefined> => {
    for (;;) {
      const now = performance.now()
      const due = later.findIndex((one) => one.due <= now)
      if (due >= 0) return later.splice(due, 1)[0]
      const { value: job } = fresh.next()
      if (job) return { job, attempt: 1, due: now }
      if (later.length === 0) return undefined
      await pause(Math.min(...later.map((one) => one.due)) - now, signal)
    }
  }
  return { take, giveBack: (one: Try) => void later.push(one) }
}
