/** Runs in the browser once the reader asks for it: the same file in tfjs, on wasm and on webgl. */
import {
  env,
  ready,
  removeBackend,
  setBackend,
  type Tensor,
  tensor,
  tidy,
} from '@tensorflow/tfjs-core'
import { loadLayersModel } from '@tensorflow/tfjs-layers'
import { compressedHandler } from 'tfjs-prune/files'
import { CODE, fetchedBytes, furthest, MODEL, millisecondsOf } from './measure.js'
import { firstOf, type Pictures } from './pictures.js'
import { addRow } from './rows.js'

/** Loads the code of a backend. */
const backends: Readonly<Record<string, () => Promise<void>>> = {
  wasm: async () => {
    const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm')
    setWasmPaths('wasm/')
  },
  webgl: async () => {
    await import('@tensorflow/tfjs-backend-webgl')
  },
}

/** The page before tfjs, and the milliseconds to load this module. */
export interface Before {
  readonly codeBytes: number
  readonly loading: number
}

/** Adds a row for each backend; compares its outputs with those of the compiled network. */
export async function measureTfjs(
  pictures: Pictures,
  compiled: Float32Array,
  before: Before,
): Promise<void> {
  env().set('PROD', true)
  let others = before.codeBytes
  for (const [name, load] of Object.entries(backends)) {
    const started = performance.now()
    const codeBefore = fetchedBytes(CODE)
    await load()
    if (!(await setBackend(name))) throw new Error(`Expected the ${name} backend, got none`)
    await ready()
    const model = await loadLayersModel(compressedHandler('model.tfpr'))
    const predict = async (values: Float32Array) => {
      const shape = [values.length / pictures.size, ...pictures.shape]
      const output = tidy(() => model.predict(tensor(values, shape)) as Tensor)
      const outputs = await output.data()
      output.dispose()
      return outputs
    }
    const outputs = await predict(pictures.values)
    const firstAnswer = performance.now() - started + before.loading
    const one = firstOf(pictures)
    addRow({
      name: `tfjs on ${name}`,
      codeBytes: fetchedBytes(CODE) - others,
      modelBytes: fetchedBytes(MODEL),
      firstAnswer,
      single: await millisecondsOf(() => predict(one)),
      batch: (await millisecondsOf(() => predict(pictures.values))) / pictures.count,
      furthest: furthest(outputs, compiled),
    })
    others += fetchedBytes(CODE) - codeBefore // the next backend does without this one
    model.dispose()
    removeBackend(name)
  }
}
