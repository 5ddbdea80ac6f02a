import { type Remote, wrap } from 'comlink'
import type { ChartWorker } from '../charts/worker.js'
import type { DemoWorker } from '../worker/worker.js'

/** Starts the worker that trains. A worker keeps one backend: another one needs another worker. */
export function startTrainer(): { readonly demo: Remote<DemoWorker>; readonly end: () => void } {
  const worker = new Worker(new URL('../worker/worker.ts', import.meta.url), { type: 'module' })
  return { demo: wrap<DemoWorker>(worker), end: () => worker.terminate() }
}

/** Starts the worker that draws. */
export function startCharts(): Remote<ChartWorker> {
  const worker = new Worker(new URL('../charts/worker.ts', import.meta.url), { type: 'module' })
  return wrap<ChartWorker>(worker)
}
