import { compiledModule } from '../kernels/compiled-module.js'
import { instantiate, type KernelOptions } from '../kernels/create-kernels.js'
import type { Kernels } from '../kernels/kernels.js'
import { kernelsOf } from '../kernels/kernels-of.js'
import type { Memory } from '../kernels/memory.js'
import { createBoard, layout } from './board.js'
import { recorder } from './recorder.js'
import { type Started, startWorker } from './start-worker.js'
import { type LeastWork, threadedKernels } from './threaded-kernels.js'

/** Kernels, and the threads that work for them until they are ended. */
export interface StartedThreads {
  readonly kernels: Kernels
  readonly end: () => void
}

interface Options extends Required<KernelOptions> {
  readonly count: number
  readonly least?: LeastWork
}

/** So many parts a thread: where one is held up, the others take its second part. */
const PARTS = 2
/** Compiled functions that a kernel calls at most, for the bulk of a matrix and its edges. */
const CALLS = 3
/** About as long as a thread takes to wake up. */
const LEAST: LeastWork = { sums: 50_000, floats: 65_536 }

/**
 * Starts workers on a memory.
 *
 * @throws {Error} If one does not start; then none is left.
 */
export async function startThreads(
  memory: Memory,
  { count, relaxed, least = LEAST }: Options,
): Promise<StartedThreads> {
  const module = await compiledModule({ shared: true, relaxed })
  const exports = await instantiate(module, memory)
  const [names, compiled] = [Object.keys(exports), Object.values(exports)]
  const parts = count * PARTS
  const board = createBoard(compiled, parts * CALLS)
  const message = { module, memory: memory.host, cells: board.cells, names, layout }
  const workers = await allOrNone(
    Array.from({ length: count - 1 }, () => startWorker(message, board.lose)),
  )
  const record = recorder(names)
  let words = new Int32Array(memory.buffer)
  const plain = kernelsOf(exports)
  const sharing = {
    ...{ parts, least },
    share: (places: object, calls: (kernels: Kernels) => void) => board.run(record(places, calls)),
    words: () => {
      if (words.buffer !== memory.buffer) words = new Int32Array(memory.buffer)
      return words
    },
  }
  return {
    kernels: count === 1 ? plain : threadedKernels(plain, sharing),
    end: () => endAll(workers),
  }
}

async function allOrNone(starting: readonly Promise<Started>[]): Promise<Started[]> {
  const settled = await Promise.allSettled(starting)
  const started = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  const failed = settled.find((one) => one.status === 'rejected')
  if (!failed) return started
  endAll(started)
  throw failed.reason
}

function endAll(workers: readonly Started[]): void {
  for (const worker of workers) worker.end()
}
