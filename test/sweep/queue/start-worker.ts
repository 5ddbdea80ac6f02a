import { type ChildProcess, spawn } from 'node:child_process'
import type { WorkerOptions } from '../../../src/sweep/queue/worker-options.js'

/** A worker in a process of its own. */
export interface TestWorker {
  readonly process: ChildProcess
  /** Its exit code or signal, when it has ended. */
  readonly ended: Promise<number | string>
  /** Its errors so far. */
  readonly errors: () => string
}

/** Options of {@link startWorker}. */
export interface TestWorkerOptions extends Omit<WorkerOptions, 'module' | 'signal'> {
  readonly module?: string
  /** The program of it. */
  readonly program: string
  /** The listener of the worker that throws, if any. */
  readonly throwsIn?: 'onEvent' | 'onOutcome'
  /** A file to which each job that begins adds a line. */
  readonly starts?: string
}

export const JOBS = new URL('./jobs.mjs', import.meta.url).href

/** Starts a worker. */
export function startWorker({ program, starts, ...options }: TestWorkerOptions): TestWorker {
  const all = JSON.stringify({ module: JOBS, lockSeconds: 2, ...options })
  const child = spawn(process.execPath, [program, all], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '', ...(starts && { STARTS: starts }) },
  })
  let text = ''
  child.stderr!.on('data', (chunk) => {
    text += chunk
  })
  const ended = new Promise<number | string>((resolve) =>
    child.once('close', (code, signal) => resolve(signal ?? code!)),
  )
  return { process: child, ended, errors: () => text }
}

/** Ends workers as Ctrl+C does, and waits. */
export async function endWorkers(workers: readonly TestWorker[]): Promise<void> {
  for (const { process: child } of workers) child.kill('SIGINT')
  await Promise.all(workers.map(({ ended }) => ended))
}
