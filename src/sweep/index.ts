/**
 * Sweeps: grids of jobs, such as set x system x seed, that run in processes or from a queue, and
 * that go on where they were left.
 *
 * @module tfjs-prune/sweep
 */
export { readRows } from './driver/read-rows.js'
export { type SweepOptions, type SweepResult, sweep } from './driver/sweep.js'
export { type SweepCounts, SweepError } from './driver/sweep-error.js'
export type { JobFinished, SweepEvent, SweepOpened } from './driver/sweep-event.js'
export type { SweepRow } from './driver/sweep-rows.js'
export {
  emptySweepState,
  nextSweepState,
  type RunningJob,
  type SweepState,
} from './driver/sweep-state.js'
export { type SweepTableOptions, sweepTable } from './driver/sweep-table.js'
export type { FinishedJob, JobError } from './finished-job.js'
export { folderSweep } from './folder/folder-sweep.js'
export { type GridKnobs, type GridOptions, type GridPoint, grid } from './grid.js'
export { inProcess } from './in-process.js'
export type {
  JobContext,
  JsonValue,
  SweepFigures,
  SweepFunction,
  SweepJob,
  SweepPoint,
} from './job.js'
export { jobsOf } from './jobs-of.js'
export { memorySweep } from './memory-sweep.js'
export { type ProcessesOptions, processes } from './processes/processes.js'
export { runPoolJob } from './processes/run-pool-job.js'
export { type QueueOptions, queue } from './queue/queue.js'
export { worker } from './queue/worker.js'
export type { WorkerOptions } from './queue/worker-options.js'
export type { RedisConnection, RedisConnectionOptions } from './redis/redis-connection.js'
export { type RedisSweepOptions, redisSweep } from './redis/redis-sweep.js'
export type { JobEvent, Retries, Runner, RunnerContext } from './runner.js'
export type { OpenedSweep, SweepFacts, SweepStore } from './sweep-store.js'
export { type BestPoint, bestPoints, type TriedPoint } from './tables/best-points.js'
export type { BestPointsOptions } from './tables/best-points-options.js'
export type { PairedComparison } from './tables/compare-pairs.js'
export {
  type FormatPairedTableOptions,
  formatPairedTable,
} from './tables/format-paired-table.js'
export type { KnobEdge } from './tables/knob-edges.js'
export { type PairedRow, type PairedTable, pairedTable } from './tables/paired-table.js'
export type { PairedTableOptions } from './tables/paired-table-options.js'
export type { RowLabel, RowLabels } from './tables/row-labels.js'
