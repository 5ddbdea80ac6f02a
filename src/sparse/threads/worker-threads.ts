import { checkOptions, type OptionChecks } from '../../internal/check-options.js'
import { numberThat, required } from '../../internal/option-checks.js'
import type { KernelOptions } from '../kernels/create-kernels.js'
import type { Memory } from '../kernels/memory.js'
import { type StartedThreads, startThreads } from './start-threads.js'
import { opener } from './start-worker.js'
import { checkShared } from './thread-errors.js'

/** Options of {@link workerThreads}. */
export interface WorkerThreadsOptions {
  /** Threads that share the work, the caller's among them: a whole number from 1 to 64. */
  readonly count: number
  /**
   * Bytes that a network and its values may take, from 2^20 to 2^32: memory that is shared needs a
   * limit from the start. Addresses are set aside for them, not memory. @default 2 ** 30
   */
  readonly maximumBytes?: number
}

/** Threads that a compiled network may use. */
export interface Threads {
  readonly maximumBytes: number
  /**
   * Starts them for one network, on its shared memory.
   *
   * @internal
   */
  readonly start: (memory: Memory, options: Required<KernelOptions>) => Promise<StartedThreads>
}

const checks: OptionChecks<WorkerThreadsOptions> = {
  count: required(
    numberThat('a whole number from 1 to 64', (n) => Number.isInteger(n) && n >= 1 && n <= 64),
  ),
  maximumBytes: numberThat(
    'a whole number from 2^20 to 2^32',
    (n) => Number.isInteger(n) && n >= 2 ** 20 && n <= 2 ** 32,
  ),
}

/**
 * Threads for the option of `compileSparse`: workers of Node, or of a page that is cross-origin
 * isolated.
 *
 * Each network that is compiled with them has its own `count - 1` workers. They start before
 * `compileSparse` is done, sleep between calls, hold no process up and end when the network is
 * disposed of. Steps that take long are shared out, each sum as a whole, so that the outputs keep
 * the bits of one thread. They pay off where processors are idle; on a busy machine a call waits
 * for threads that have to wait themselves.
 *
 * @param options How many threads, and the most memory.
 * @returns The threads; none has been started.
 * @throws {TypeError | RangeError} If an option does not exist, is of the wrong type or out of
 *   range.
 * @throws {Error} If the host has no workers or no memory that they can share: a page then has to
 *   be served with `Cross-Origin-Opener-Policy: same-origin` and `Cross-Origin-Embedder-Policy:
 *   require-corp`. `compileSparse` throws if a worker does not start, as where a page's
 *   Content-Security-Policy has no `blob:` in `worker-src`.
 *
 * @example
 * ```ts
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { compileSparse, workerThreads } from 'tfjs-prune/sparse'
 *
 * const model = sequential({ layers: [layers.dense({ units: 8, inputShape: [16] })] })
 * const network = await compileSparse(model, { threads: workerThreads({ count: 2 }) })
 * const alone = await compileSparse(model)
 * const [two, one] = [network, alone].map(({ predict }) => predict(new Float32Array(16).fill(1)))
 * if (String(two) !== String(one)) throw new Error('the same bits')
 * network.dispose()
 * alone.dispose()
 * ```
 */
export function workerThreads(options: WorkerThreadsOptions): Threads {
  checkOptions(options, { task: 'make workerThreads', checks })
  const { count, maximumBytes = 2 ** 30 } = options
  checkShared()
  opener()
  return {
    maximumBytes,
    start: (memory, { relaxed }) => startThreads(memory, { count, relaxed }),
  }
}
