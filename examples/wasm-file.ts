// A pruned tumour detector as one WebAssembly file, which runs without tfjs and without this library.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as tf from '@tensorflow/tfjs-core'
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers'
import { evaluateOn, falseNegativesAtMost, fit, paper, prune } from 'tfjs-prune'
import { setDecisionThreshold } from 'tfjs-prune/certify'
import { toWasm, type WasmNetwork } from 'tfjs-prune/sparse'
import { isShort, startWasm } from './support/backend.js'
import { loadBreastCancer } from './support/breast-cancer.js'
import { summary } from './support/ledger.js'

await startWasm()
const { train, validation, test } = loadBreastCancer(1)
const dense = (units: number, seed: number) => ({
  units,
  kernelInitializer: initializers.heNormal({ seed }),
})
const model = sequential({
  layers: [
    layers.dense({ ...dense(64, 1), activation: 'relu', inputShape: [30] }),
    layers.dense({ ...dense(32, 2), activation: 'relu' }),
    layers.dense(dense(2, 3)),
  ],
})
const optimizer = () => tf.train.momentum(0.002, 0.9)
const epochs = isShort ? 8 : 30
const { reason } = await prune(model, {
  train: fit(train, { loss: paper.black(), optimizer, epochs, clipNorm: 5, seed: 1 }),
  evaluate: evaluateOn(validation, { positiveClass: 1 }),
  stop: falseNegativesAtMost(2),
})
console.log(reason)
console.log(`In tfjs: ${summary(await evaluateOn(test, { positiveClass: 1 })(model))}.`)

const path = fileURLToPath(new URL('./out/tumours.wasm', import.meta.url))
mkdirSync(fileURLToPath(new URL('./out/', import.meta.url)), { recursive: true })
setDecisionThreshold(model, { threshold: 0, positiveClass: 1 })
writeFileSync(path, await toWasm(model))

// From here on nothing but the file. In a page: WebAssembly.instantiateStreaming(fetch(url)).
// #region run
const module = await WebAssembly.compile(readFileSync(path))
const { memory, input0, output0, run } = (await WebAssembly.instantiate(module))
  .exports as object as WasmNetwork
const [section] = WebAssembly.Module.customSections(module, 'tfjs-prune')
const { decision } = JSON.parse(new TextDecoder().decode(section))

/** Whether a tumour is called malignant, by its 30 measurements. */
function isMalignant(measurements: Float32Array): boolean {
  new Float32Array(memory.buffer, input0.value, 30).set(measurements)
  if (run() === 1) throw new RangeError('a measurement is NaN or infinite')
  const [benign, malignant] = new Float32Array(memory.buffer, output0.value, 2)
  return malignant! - benign! >= decision.threshold
}
// #endregion

const tumours = test.xs.dataSync() as Float32Array
const labels = Array.from(test.ys as ArrayLike<number>)
const missed = labels.filter(
  (label, i) => label === 1 && !isMalignant(tumours.subarray(30 * i, 30 * (i + 1))),
)
console.log(`From ${readFileSync(path).length} bytes without tfjs: ${missed.length} missed.`)
