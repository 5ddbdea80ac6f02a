import type { FinishedJob } from '../finished-job.js'
import type { SweepCounts } from './sweep-error.js'
import type { JobFinished } from './sweep-event.js'

/** Counts outcomes as they come in, and the rate at which they do. */
export interface Tally {
  readonly now: () => SweepCounts
  /** Counts an outcome of this run. */
  readonly add: (
    outcome: FinishedJob,
  ) => SweepCounts & Pick<JobFinished, 'perMinute' | 'secondsLeft'>
}

/** A tally of so many jobs that begins with the outcomes of earlier runs. */
export function tally(before: readonly FinishedJob[], of: number): Tally {
  const start = performance.now()
  let [done, failed, added] = [before.length, before.filter(({ error }) => error).length, 0]
  const now = () => ({ done, failed, of })
  return {
    now,
    add: ({ error }) => {
      done++
      added++
      if (error) failed++
      const seconds = Math.max((performance.now() - start) / 1000, 1e-3)
      const secondsLeft = ((of - done) * seconds) / added
      return { ...now(), perMinute: (60 * added) / seconds, secondsLeft }
    },
  }
}
