import { nodeBuiltin } from '../../internal/node-builtin.js'
import type { FinishedJob } from '../finished-job.js'
import { runJob } from '../run-job.js'
import { workerName } from '../worker-name.js'
import { endWithDriver } from './end-with-driver.js'
import type { PoolCall, PoolMessage } from './pool-call.js'

/** The file of this function: worker processes import it, and call the function by its name. */
export const poolFile: string = import.meta.url

/**
 * Runs a job in a worker process, for {@link processes}, and tells its driver of the progress. An
 * abort kills the process.
 *
 * @internal It is exported for the worker processes alone, which call it by its name.
 *
 * @example
 * ```ts
 * import { runPoolJob } from 'tfjs-prune/sweep'
 *
 * if ((await runPoolJob('ready')) !== 'ready') throw new Error('a process answers when it is up')
 * ```
 */
export async function runPoolJob(call: PoolCall | 'ready'): Promise<FinishedJob | 'ready'> {
  endWithDriver()
  if (call === 'ready') return call
  const worker = workerName()
  send({ about: 'sweep', type: 'started', worker })
  const { job, attempt, module } = call
  const { signal } = new AbortController()
  const progress = (share: number, message?: string) =>
    send({ about: 'sweep', type: 'progress', share, ...(message !== undefined && { message }) })
  return runJob(job, { module, attempt, signal, progress, worker })
}

interface Child {
  readonly send?: (message: PoolMessage) => boolean
}

function send(message: PoolMessage): void {
  nodeBuiltin<Child>('node:process')?.send?.(message)
}
