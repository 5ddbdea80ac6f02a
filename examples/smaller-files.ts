// From a pruned tumour detector to the smallest file that misses no more tumours, and back.
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as tf from '@tensorflow/tfjs-core'
import { initializers, layers, loadLayersModel, sequential } from '@tensorflow/tfjs-layers'
import { evaluateOn, fit, paper, prune } from 'tfjs-prune'
import { compressedHandler, narrowest, saveCompressed, sizeReport } from 'tfjs-prune/files'
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
    layers.dense({ ...dense(256, 1), activation: 'relu', inputShape: [30] }),
    layers.dense({ ...dense(128, 2), activation: 'relu' }),
    layers.dense(dense(2, 3)),
  ],
})
const optimizer = () => tf.train.momentum(0.002, 0.9)
const epochs = isShort ? 5 : 30
const training = fit(train, { loss: paper.black(), optimizer, epochs, clipNorm: 5, seed: 1 })
const evaluate = evaluateOn(validation, { positiveClass: 1 })
const { rounds } = await prune(model, { train: training, evaluate })
const { mask, density, evaluation } = rounds.at(-1)!
console.log(
  `The last level keeps ${(100 * density).toFixed(2)} % of the kernels: ${summary(evaluation)}.`,
)

// #region sizes
const { files } = await sizeReport(model, { mask })
console.table(files.map((row) => ({ ...row, bound: Math.ceil(row.bound) })))
// #endregion

// #region narrowest
const budget = { 1: evaluation.confusion.falseNegatives, 0: evaluation.confusion.falsePositives }
const found = await narrowest(model, { budget, evaluate, mask })
console.table(
  found.table.map(({ type, bytes, falseNegatives }) => ({ type, bytes, ...falseNegatives })),
)
const { type = 'float32' } = found // none is within the budget of both classes: nothing is lost in float32
console.log(found.reason)
// #endregion

const folder = fileURLToPath(new URL('./out/', import.meta.url))
mkdirSync(folder, { recursive: true })
const path = `${folder}tumours.tfpr`
await saveCompressed(model, path, { type, mask })
const loaded = await loadLayersModel(compressedHandler(path))
const onTest = evaluateOn(test, { positiveClass: 1 })
console.log(
  `On the test part, in float32: ${summary(await onTest(model))}.\nFrom the file: ${summary(await onTest(loaded))}.`,
)
