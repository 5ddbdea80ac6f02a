import type { FinishedJob } from '../../../src/sweep/finished-job.js'
import type { SweepJob, SweepPoint } from '../../../src/sweep/job.js'
import type { JobEvent, Runner, RunnerContext } from '../../../src/sweep/runner.js'
import { JOBS } from './start-worker.js'

/** Jobs from points, with keys that tell them apart. */
export const jobsOf = (points: readonly SweepPoint[]): readonly SweepJob[] =>
  points.map((point) => ({ key: JSON.stringify(point), point }))

/** What a run of a runner gave. */
export interface Ran {
  readonly outcomes: readonly FinishedJob[]
  readonly events: readonly JobEvent[]
}

/** Runs jobs by a runner, and gathers outcomes and events. */
export async function runJobs(
  runner: Runner,
  points: readonly SweepPoint[],
  context: Partial<RunnerContext> = {},
): Promise<Ran> {
  const outcomes: FinishedJob[] = []
  const events: JobEvent[] = []
  await runner.run(jobsOf(points), {
    module: JOBS,
    retries: { attempts: 1, backoffSeconds: 0.1 },
    signal: new AbortController().signal,
    isStored: () => false,
    finish: async (outcome) => void outcomes.push(outcome),
    tell: (event) => void events.push(event),
    ...context,
  })
  return { outcomes, events }
}
