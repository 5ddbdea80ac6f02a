import type { FinishedJob } from '../finished-job.js'
import { type JobPool, startJobPool } from '../processes/job-pool.js'
import { LostWorker } from '../processes/lost-worker.js'
import type { PoolCall, PoolMessage } from '../processes/pool-call.js'

/** A try of a job in another process. */
export interface SlotCall extends PoolCall {
  /** Kills the process of the job when it is aborted. */
  readonly signal: AbortSignal
  readonly tell: (message: PoolMessage) => void
}

/** Processes, each at one job at a time, of which one can be ended alone. */
export interface Slots {
  /**
   * Runs a job in a free process, or in a new one. A job that loses its process is run once more,
   * and then rejects with `LostWorker`. Rejects with the reason of the signal if that is aborted.
   */
  readonly run: (call: SlotCall) => Promise<FinishedJob>
  readonly close: () => Promise<void>
}

/** Starts a process; others follow where jobs run at the same time. */
export async function openSlots(): Promise<Slots> {
  const open = new Set<JobPool>()
  const free: JobPool[] = []
  const start = async () => {
    const pool = await startJobPool({ workers: 1 })
    open.add(pool)
    return pool
  }
  const end = async (pool: JobPool) => {
    open.delete(pool)
    await pool.close()
  }
  const runOnce = async ({ signal, tell, ...call }: SlotCall) => {
    signal.throwIfAborted()
    const pool = free.pop() ?? (await start())
    const stop = () => void end(pool)
    signal.addEventListener('abort', stop, { once: true })
    if (signal.aborted) stop()
    try {
      return await pool.run(call, tell)
    } finally {
      signal.removeEventListener('abort', stop)
      if (open.has(pool)) free.push(pool)
      signal.throwIfAborted()
    }
  }
  const run = async (call: SlotCall) => {
    try {
      return await runOnce(call)
    } catch (error) {
      if (!(error instanceof LostWorker)) throw error
      return runOnce(call)
    }
  }
  const close = async () => {
    await Promise.all([...open].map(end))
  }
  free.push(await start())
  return { run, close }
}
