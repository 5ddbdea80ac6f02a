import type { Remote } from 'comlink'
import type { BackendName, DataFacts, DataName } from '../shared/contract.js'
import type { DemoWorker } from '../worker/worker.js'
import { startTrainer } from './workers.js'

/** The worker that trains, with the backend and the data set that it has open. */
export function trainer() {
  let started: (ReturnType<typeof startTrainer> & { backend: BackendName }) | undefined
  let opened: Promise<DataFacts> | undefined
  let data: DataName | undefined

  return {
    /** Opens a data set, in a new worker if the backend is another one. */
    open(backend: BackendName, wanted: DataName): Promise<DataFacts> {
      if (opened && started?.backend === backend && data === wanted) return opened
      if (started?.backend !== backend) {
        started?.end()
        started = { ...startTrainer(), backend }
      }
      data = wanted
      opened = started.demo.open(backend, wanted)
      // Another try after a failure begins anew.
      opened.catch(() => {
        started?.end()
        started = undefined
        opened = undefined
      })
      return opened
    },
    /** The worker that has the data set open. */
    demo(): Remote<DemoWorker> {
      if (!started) throw new Error('No data set is open.')
      return started.demo
    },
  }
}
