import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { WorkerOptions } from '../../../src/sweep/queue/worker-options.js'

/** A worker in a process of its own. */
export interface TestWorker {
  readonly process: ChildProcess
  /** Its exit code or signal, when it has ended. */
  readonly ended: Promise<number | string>
  /** Its errors so far. */
  readonly errors: () => string
}

const WORK = fileURLToPath(new URL('./work.ts', import.meta.url))
export const JOBS = new URL('./jobs.mjs', import.meta.url).href

/** Starts a worker; the jobs of it append lines to the file `starts`. */
export function startWorker(
  options: Omit<WorkerOptions, 'module' | 'signal'> & { readonly module?: string },
  starts?: string,
): TestWorker {
  const all = JSON.stringify({ module: JOBS, lockSeconds: 2, ...options })
  const child = spawn(process.execPath, ['--import', 'tsx', WORK, all], {
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
