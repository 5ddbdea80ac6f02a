import type { FinishedJob } from '../finished-job.js'
import type { SweepJob } from '../job.js'
import { LostProcess } from '../job-process/link-to-process.js'
import { type JobProcess, type JobRun, startJobProcess } from '../job-process/start-job-process.js'

/** Processes of one module, each at one job at a time. */
export interface ProcessPool {
  /** Runs a job in a free process; one whose process was lost is run once more. */
  readonly run: (job: SweepJob, how: JobRun) => Promise<FinishedJob>
  readonly end: () => void
}

/**
 * Starts a pool with one process; others follow where jobs run at the same time.
 *
 * @throws {TypeError} If the module has no function as its default export.
 */
export async function processPool(module: string): Promise<ProcessPool> {
  const all = new Set<JobProcess>()
  const free: JobProcess[] = []
  const start = async () => {
    const process = await startJobProcess(module)
    all.add(process)
    return process
  }
  free.push(await start())
  const runOnce = async (job: SweepJob, how: JobRun) => {
    const process = free.pop() ?? (await start())
    try {
      return await process.run(job, how)
    } finally {
      if (process.isAlive()) free.push(process)
      else all.delete(process)
    }
  }
  const run = async (job: SweepJob, how: JobRun) => {
    try {
      return await runOnce(job, how)
    } catch (error) {
      if (!(error instanceof LostProcess)) throw error
      return runOnce(job, how)
    }
  }
  const end = () => {
    for (const process of all) process.end()
  }
  return { run, end }
}
