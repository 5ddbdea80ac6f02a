import type { Remote } from 'comlink'
import type { BackendName, DataFacts, DataName } from '../shared/contract.js'
import type { DemoWorker } from '../worker/worker.js'
import { startTrainer } from './workers.js'

interface Opened extends ReturnType<typeof startTrainer> {
  readonly backend: BackendName
  readonly facts: DataFacts
}

/** The worker that trains, with the backend and the data set that it has open. */
export function trainer() {
  let opened: Opened | undefined

  /**
   * Opens a data set, in a new worker if the backend is another one. The worker before works on
   * until the new one is ready.
   */
  async function open(backend: BackendName, data: DataName): Promise<DataFacts> {
    const last = opened
    if (last?.backend === backend) {
      if (last.facts.name !== data) opened = { ...last, facts: await last.demo.open(backend, data) }
      return opened!.facts
    }
    const started = startTrainer()
    try {
      opened = { ...started, backend, facts: await started.demo.open(backend, data) }
    } catch (error) {
      started.end()
      throw error
    }
    last?.end()
    return opened.facts
  }

  /** The worker that has the data set open. */
  function demo(): Remote<DemoWorker> {
    if (!opened) throw new Error('No data set is open.')
    return opened.demo
  }

  return { open, demo }
}
