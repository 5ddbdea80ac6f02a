import { nodeBuiltin } from '../../internal/node-builtin.js'
import { notStarted, noWorkers } from './thread-errors.js'
import { workerCode } from './worker-code.js'

/** A worker that waits for calls. */
export interface Started {
  readonly end: () => void
}

interface Events {
  readonly ready: () => void
  readonly failed: (cause: unknown) => void
}

/** A worker of either kind: it gets one message, answers it once it is ready, or fails. */
type Open = (code: string, message: unknown, events: Events) => Opened

interface Opened extends Started {
  /** A worker that waits does not hold the process up. */
  readonly release: () => void
}

/**
 * Starts a worker and waits until it is ready.
 *
 * @param lost Called if it fails later on.
 * @throws {Error} If it does not start.
 */
export async function startWorker(message: unknown, lost: () => void): Promise<Started> {
  const open = opener()
  let opened: Opened | undefined
  try {
    await new Promise<void>((resolve, reject) => {
      const failed = (cause: unknown) => {
        reject(cause) // of no effect once it is ready
        lost()
      }
      opened = open(workerCode, message, { ready: resolve, failed })
    })
  } catch (cause) {
    opened?.end()
    throw notStarted(cause)
  }
  opened!.release()
  return { end: opened!.end }
}

/** Throws unless the host has workers. */
export function opener(): Open {
  const node = nodeBuiltin<NodeThreads>('node:worker_threads')
  if (node) return openInNode(node)
  if (typeof Worker === 'function') return openInPage
  throw noWorkers()
}

const openInPage: Open = (code, message, { ready, failed }) => {
  const url = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }))
  const worker = new Worker(url)
  const free = () => URL.revokeObjectURL(url)
  worker.onmessage = () => {
    free()
    ready()
  }
  worker.onerror = (event) => {
    event.preventDefault()
    free()
    failed(event)
  }
  worker.postMessage(message)
  return { end: () => worker.terminate(), release: () => {} }
}

/** Workers of Node, as far as they are used here. */
interface NodeThreads {
  readonly Worker: new (
    code: string,
    options: { eval: true; execArgv: readonly string[] },
  ) => NodeWorker
}

interface NodeWorker {
  readonly on: (event: string, listener: (cause: unknown) => void) => void
  readonly postMessage: (message: unknown) => void
  readonly terminate: () => Promise<unknown>
  readonly unref: () => void
}

const openInNode =
  ({ Worker }: NodeThreads): Open =>
  (code, message, { ready, failed }) => {
    const worker = new Worker(code, { eval: true, execArgv: [] })
    let ended = false
    worker.on('message', ready)
    worker.on('error', failed)
    worker.on('exit', () => {
      if (!ended) failed(new Error('it ended'))
    })
    worker.postMessage(message)
    const end = () => {
      ended = true
      void worker.terminate()
    }
    return { end, release: () => worker.unref() }
  }
