import type { Tinypool } from 'tinypool'
import { nodeBuiltin } from '../../internal/node-builtin.js'
import type { FinishedJob } from '../finished-job.js'
import { loadTinypool } from './load-tinypool.js'
import { LostWorker } from './lost-worker.js'
import type { PoolCall, PoolMessage } from './pool-call.js'
import { poolFile } from './run-pool-job.js'

/** Worker processes that run jobs, each one at a time. */
export interface JobPool {
  /**
   * Runs a job once, in the next process that is free. Rejects with {@link LostWorker} where that
   * process ends before the job; another one takes its place.
   */
  readonly run: (call: PoolCall, tell: (message: PoolMessage) => void) => Promise<FinishedJob>
  /** Kills the processes; jobs that run reject. */
  readonly close: () => Promise<void>
}

/** Options of {@link startJobPool}. */
export interface JobPoolOptions {
  readonly workers: number
  /** Flags of Node for the processes. */
  readonly execArgv?: readonly string[]
}

/**
 * Starts worker processes. Each is a pool of its own with one process: in a pool of several, a job
 * that waits for a process which ends while it starts would wait for ever.
 *
 * @throws {Error} If tinypool is missing, or the first process does not start.
 */
export async function startJobPool({ workers, execArgv }: JobPoolOptions): Promise<JobPool> {
  const Pool = await loadTinypool()
  const open = new Set<Tinypool>()
  const free: Tinypool[] = []
  const waiting: ((pool: Tinypool) => void)[] = []
  const start = () => {
    const pool = startProcess(Pool, execArgv)
    open.add(pool)
    return pool
  }
  const release = (pool: Tinypool) => {
    const next = waiting.shift()
    if (next) next(pool)
    else free.push(pool)
  }
  const end = async (pool: Tinypool) => {
    open.delete(pool)
    await pool.destroy().catch(() => {})
  }
  let isClosed = false
  const run: JobPool['run'] = async (call, tell) => {
    const pool = free.pop() ?? (await new Promise<Tinypool>((resolve) => waiting.push(resolve)))
    let next = pool
    try {
      if (isClosed) throw new Error('the pool is closed')
      const channel = { onMessage: () => {}, postMessage: tell }
      return (await pool.run(call, { channel })) as FinishedJob
    } catch (cause) {
      if (!isClosed) next = start()
      await end(pool)
      throw new LostWorker(cause)
    } finally {
      release(next)
    }
  }
  const close = async () => {
    isClosed = true
    await Promise.all([...open].map(end))
  }
  free.push(start())
  await free[0]!.run('ready').catch(async (cause) => {
    await close()
    throw notStarted(cause)
  })
  while (open.size < workers) free.push(start())
  return { run, close }
}

function startProcess(Pool: typeof Tinypool, execArgv: readonly string[] | undefined): Tinypool {
  const { env } = nodeBuiltin<{ env: Record<string, string> }>('node:process')!
  const pool = new Pool({
    ...{ runtime: 'child_process', filename: poolFile, name: 'runPoolJob' },
    ...{ minThreads: 1, maxThreads: 1, env },
    ...(execArgv && { execArgv: [...execArgv] }),
  })
  // A process that ends between two jobs; the next job finds out.
  pool.on('error', () => {})
  return pool
}

function notStarted(cause: unknown): Error {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new Error(
    `Cannot sweep in processes: expected a worker process to start, got ${why}: its own error is ` +
      'on standard error; execArgv holds the flags that it is started with',
    { cause },
  )
}
