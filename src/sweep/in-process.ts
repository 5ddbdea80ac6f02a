import type { SweepJob } from './job.js'
import { runInSlots } from './run-in-slots.js'
import { runJob } from './run-job.js'
import type { Runner, RunnerContext } from './runner.js'
import { workerName } from './worker-name.js'

/**
 * Runs jobs in this process, one after the other: for short sweeps, and to find mistakes in a job.
 * It takes the job as a function too.
 *
 * An abort is heard between two jobs, and by jobs that look at their signal.
 *
 * @returns A runner for {@link sweep}.
 *
 * @example
 * ```ts
 * import { grid, inProcess, sweep } from 'tfjs-prune/sweep'
 *
 * const job = ({ rate }: { rate: number }) => ({ error: Math.abs(rate - 0.2) })
 * const { rows } = await sweep(grid({ rate: [0.1, 0.2] }), { module: job, runner: inProcess() })
 * if (rows[1]?.error !== 0) throw new Error('a row a job, in their order')
 * ```
 */
export function inProcess(): Runner {
  return { name: 'this process', takesFunctions: true, run }
}

async function run(jobs: readonly SweepJob[], context: RunnerContext): Promise<void> {
  const { tell, module } = context
  const worker = workerName()
  await runInSlots(jobs, context, {
    count: 1,
    tryOnce: (job, attempt, signal) => {
      const { key } = job
      tell({ type: 'started', key, attempt, worker })
      const progress = (share: number, message?: string) =>
        tell({ type: 'progress', key, share, ...(message !== undefined && { message }) })
      const options = { attempt, signal, progress, worker }
      return runJob(job, { module: context.function ?? module, ...options })
    },
  })
}
