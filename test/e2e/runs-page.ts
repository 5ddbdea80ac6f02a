/** Runs in the browser, in a page and in a worker: runs that are kept in IndexedDB. */
import '@tensorflow/tfjs-backend-cpu'
import { setBackend, tensor2d, train } from '@tensorflow/tfjs-core'
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers'
import { evaluateOn, fit, prune } from 'tfjs-prune'
import { indexedDbStore, loadRounds } from 'tfjs-prune/runs'

/** A run, or the part of one that a test wants. */
export interface RunToStart {
  /** Name of the stored run; none is stored without it. */
  readonly name?: string
  /** Fails when so many epochs are trained. */
  readonly failsAfter?: number
  /** Waits for ever when so many epochs are trained. */
  readonly waitsAfter?: number
}

/** The outcome of a run: plain JSON. */
export interface RunOutcome {
  readonly rounds?: number
  /** Hash of the weights of all rounds. */
  readonly hash?: string
  readonly error?: string
}

async function startRun({ name, failsAfter, waitsAfter }: RunToStart): Promise<RunOutcome> {
  await setBackend('cpu')
  const kernelInitializer = initializers.glorotUniform({ seed: 1 })
  const hidden = layers.dense({ name: 'hidden', units: 12, kernelInitializer, inputShape: [4] })
  const out = layers.dense({ name: 'out', units: 2, kernelInitializer })
  const model = sequential({ layers: [hidden, out] })
  const xs = tensor2d(
    Array.from({ length: 64 }, (_, i) => Math.sin(1 + i * i)),
    [16, 4],
  )
  const data = { xs, ys: Int32Array.from({ length: 16 }, (_, i) => Number(i % 4 === 0)) }
  let [epochs, ended] = [0, 0]
  const onEpochEnd = async () => {
    if (++ended === waitsAfter) await new Promise(() => {})
  }
  try {
    const { rounds } = await prune(model, {
      train: fit(data, {
        optimizer: () => train.adam(0.01),
        epochs: 4,
        checkpointEvery: 1,
        callbacks: { onEpochEnd },
      }),
      evaluate: evaluateOn(data, { positiveClass: 1 }),
      schedule: [1, 0.5, 0.25],
      onProgress: ({ kind }) => {
        if (kind === 'epoch-finished' && ++epochs === failsAfter) throw new Error('the end')
      },
      ...(name !== undefined && { store: indexedDbStore(name) }),
    })
    const arrays = rounds.flatMap(({ trained }) => Object.values(trained))
    return { rounds: rounds.length, hash: await hashOf(arrays) }
  } catch (error) {
    return { error: String(error) }
  }
}

async function hashOf(arrays: readonly ArrayBufferView[]): Promise<string> {
  const bytes = await new Blob(arrays as BlobPart[]).arrayBuffer()
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Starts a run in a worker, which is a thread of its own; it ends with the outcome. */
function startInWorker(run: RunToStart): Promise<RunOutcome> {
  const worker = new Worker('/page.js', { type: 'module' })
  return new Promise((resolve) => {
    worker.onmessage = ({ data }) => {
      worker.terminate()
      resolve(data)
    }
    worker.postMessage(run)
  })
}

const countStored = async (name: string) => (await loadRounds(indexedDbStore(name))).length

declare global {
  interface Window {
    startRun: typeof startRun
    startInWorker: typeof startInWorker
    countStored: typeof countStored
  }
}
if (typeof window === 'undefined') {
  addEventListener('message', async ({ data }) => postMessage(await startRun(data)))
} else {
  Object.assign(window, { startRun, startInWorker, countStored })
}
