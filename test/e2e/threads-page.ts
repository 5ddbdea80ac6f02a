/** Runs in the browser: one network with and without threads. */
import '@tensorflow/tfjs-backend-cpu'
import { layers, sequential } from '@tensorflow/tfjs-layers'
import { compileSparse, workerThreads } from 'tfjs-prune/sparse'

declare global {
  interface Window {
    runThreads: typeof runThreads
  }
}

/** Whether the bits are the same in all turns, and how many calls of the library were shared. */
async function runThreads(count: number): Promise<{ same: boolean; taken: number }> {
  const conv = { kernelSize: 3, activation: 'relu', padding: 'same' } as const
  const model = sequential({
    layers: [
      layers.conv2d({ ...conv, filters: 32, inputShape: [32, 32, 3], biasInitializer: 'ones' }),
      layers.conv2d({ ...conv, filters: 32 }),
      layers.globalAveragePooling2d({}),
      layers.dense({ units: 3 }),
    ],
  })
  const network = await compileSparse(model, { threads: workerThreads({ count }) })
  const alone = await compileSparse(model)
  const exchange = Atomics.compareExchange
  let taken = 0
  Atomics.compareExchange = ((...all: Parameters<typeof exchange>) => {
    taken++
    return exchange(...all)
  }) as typeof exchange
  const input = Float32Array.from({ length: 20 * 32 * 32 * 3 }, (_, i) => Math.sin(i))
  const wanted = alone.predict(input) as Float32Array
  const turns = Array.from({ length: 20 }, () => network.predict(input) as Float32Array)
  Atomics.compareExchange = exchange
  for (const one of [network, alone]) one.dispose()
  const same = turns.every((turn) => turn.every((value, i) => value === wanted[i]))
  return { same: same && wanted.some((value) => value !== 0), taken }
}

window.runThreads = runThreads
