import { checkNumber } from '../internal/option-checks.js'
import { checkRows } from './check-rows.js'
import type { FinishedJob, JobError } from './finished-job.js'
import type { JobContext, SweepFunction, SweepJob } from './job.js'
import { loadJob } from './load-job.js'

/** Options of {@link runJob}. */
export interface RunJobOptions extends Pick<JobContext, 'attempt' | 'signal' | 'progress'> {
  /** The URL of the module whose default export is the job, or the job itself. */
  readonly module: string | SweepFunction
  /** The process that runs it, e.g. `host:1234`. */
  readonly worker: string
}

/**
 * Runs a job once: loads it, calls it, checks its figures and takes the time. An error, of whichever
 * of them, is part of the outcome.
 *
 * @returns The outcome: plain data.
 * @throws The reason of the abort, where the signal is aborted and the job has no figures.
 */
export async function runJob(
  { key, point }: SweepJob,
  { module, attempt, signal, progress, worker }: RunJobOptions,
): Promise<FinishedJob> {
  const start = performance.now()
  const facts = () => ({
    attempts: attempt,
    seconds: Math.round(performance.now() - start) / 1000,
    finishedAt: new Date().toISOString(),
    worker,
  })
  try {
    signal.throwIfAborted()
    const job = typeof module === 'function' ? module : await loadJob(module)
    const context = { key, attempt, signal, progress: checked(progress) }
    const rows = checkRows(await job(structuredClone(point), context), point)
    return { key, point, rows: JSON.parse(JSON.stringify(rows)), ...facts() }
  } catch (error) {
    signal.throwIfAborted()
    return { key, point, rows: [], error: jobError(error), ...facts() }
  }
}

/** An error as plain data; anything may be thrown. */
export function jobError(thrown: unknown): JobError {
  try {
    if (!(thrown instanceof Error)) return { name: 'Error', message: String(thrown) }
    const { name, message, stack } = thrown
    const told = { name: String(name), message: String(message) }
    return typeof stack === 'string' ? { ...told, stack } : told
  } catch {
    return { name: 'Error', message: 'an error without a text' }
  }
}

const checked =
  (progress: JobContext['progress']): JobContext['progress'] =>
  (share, message) => {
    checkNumber(share, {
      ...{ task: 'tell progress', name: 'share', wanted: 'in [0, 1]' },
      accepts: (value) => value >= 0 && value <= 1,
    })
    progress(share, message)
  }
