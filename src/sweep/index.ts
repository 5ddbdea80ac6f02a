/**
 * Sweeps: grids of jobs, such as set x system x seed, that run in processes or from a queue, and
 * that go on where they were left.
 *
 * @module tfjs-prune/sweep
 */
export type { FinishedJob, JobError } from './finished-job.js'
export type {
  JobContext,
  JsonValue,
  SweepFigures,
  SweepFunction,
  SweepJob,
  SweepPoint,
} from './job.js'
export type { JobEvent, Retries, Runner, RunnerContext } from './runner.js'
export type { OpenedSweep, SweepFacts, SweepStore } from './sweep-store.js'
