// Plain JavaScript in Node, through every entry point: two rounds of prune() on a small model, its
// files and its smaller network, a metric, a loss, a certificate's size, the laws of criteria on a
// user's own.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import '@tensorflow/tfjs-backend-cpu'
import {
  abs,
  randomNormal,
  setBackend,
  sub,
  tensor1d,
  tensor2d,
  train,
  zerosLike,
} from '@tensorflow/tfjs-core'
import { initializers, layers, loadLayersModel, sequential } from '@tensorflow/tfjs-layers'
import { evaluateOn, fit, paper, prune, units } from 'tfjs-prune'
import { auditRounds } from 'tfjs-prune/audit'
import { registerCpuUpdates } from 'tfjs-prune/backends/cpu'
import { decisionThreshold, positivesNeeded } from 'tfjs-prune/certify'
import { compressedHandler, fileHandler, saveCompressed, saveQuantised } from 'tfjs-prune/files'
import * as losses from 'tfjs-prune/losses'
import { aucRoc } from 'tfjs-prune/metrics'
import { decisionThreshold as thresholdOfFile, toOnnx } from 'tfjs-prune/onnx'
import { missesChart } from 'tfjs-prune/report'
import { memoryStore } from 'tfjs-prune/runs'
import { shrink } from 'tfjs-prune/shrink'
import {
  compileSparse,
  openCompressed,
  sparseEngine,
  toWasm,
  workerThreads,
} from 'tfjs-prune/sparse'
import { sparseTraining } from 'tfjs-prune/sparse/training'
import { grid, processes, sweep } from 'tfjs-prune/sweep'
import { criterionLaws } from 'tfjs-prune/testing'

await setBackend('cpu')
assert.deepEqual([registerCpuUpdates(), registerCpuUpdates()], [true, false])
const seeded = (seed) => ({ kernelInitializer: initializers.glorotUniform({ seed }) })
const hidden = layers.dense({ units: 8, activation: 'relu', inputShape: [4], ...seeded(1) })
const model = sequential({ layers: [hidden, layers.dense({ units: 2, ...seeded(2) })] })
const data = {
  xs: randomNormal([32, 4], 0, 1, 'float32', 1),
  ys: Array.from({ length: 32 }, (_, i) => i % 2),
}

const result = await prune(model, {
  train: fit(data, { optimizer: () => train.adam(0.01), epochs: 2 }),
  evaluate: evaluateOn(data, { positiveClass: 1 }),
  schedule: [1, 0.25],
  store: memoryStore(),
})

assert.equal(result.feasible, true)
assert.deepEqual(
  result.rounds.map(({ density }) => density),
  [1, 0.25],
)
const left = [0, 2].map(
  (index) =>
    model
      .getWeights()
      [index].dataSync()
      .filter((value) => value !== 0).length,
)
assert.deepEqual(left, [8, 4])

const outputsOf = (one) => [...one.predict(data.xs).dataSync()]
const folder = mkdtempSync(join(tmpdir(), 'tfjs-prune-'))
await saveCompressed(model, join(folder, 'model.tfpr'))
const unpacked = await loadLayersModel(compressedHandler(join(folder, 'model.tfpr')))
assert.deepEqual(outputsOf(unpacked), outputsOf(model))

const threads = workerThreads({ count: 2 })
const opened = await compileSparse(await openCompressed(join(folder, 'model.tfpr')), { threads })
const wanted = outputsOf(model)
const compiled = opened.predict(data.xs.dataSync())
assert.ok(compiled.every((value, i) => Math.abs(value - wanted[i]) < 1e-5))
opened.dispose()
const { instance: alone } = await WebAssembly.instantiate(await toWasm(model))
assert.equal(alone.exports.run(), 0)
const evaluate = evaluateOn(data, { positiveClass: 1, engine: sparseEngine() })
assert.equal((await evaluate(model)).engine.name, 'sparse')
assert.equal(typeof sparseTraining().openTraining, 'function')

await saveQuantised(model, join(folder, 'stock'), { type: 'uint8' })
const rounded = await loadLayersModel(fileHandler(join(folder, 'stock')))
const [pruned, stored] = [model, rounded].map((one) => [...one.getWeights()[0].dataSync()])
assert.ok(
  pruned.every((value, i) => value !== 0 || Object.is(stored[i], 0)),
  'what is pruned stays +0',
)
assert.ok(pruned.every((value, i) => Math.abs(value - stored[i]) < 0.01))
rmSync(folder, { recursive: true })

const whole = sequential({
  layers: [layers.dense({ units: 8, inputShape: [4] }), layers.dense({ units: 2 })],
})
await prune(whole, {
  train: fit(data, { optimizer: () => train.adam(0.01), epochs: 1 }),
  evaluate: evaluateOn(data, { positiveClass: 1 }),
  granularity: units(),
  select: { keepLastLayer: true },
  schedule: [1, 0.25],
})
const { model: small, parameters } = await shrink(whole)
assert.deepEqual(parameters, { before: 58, after: 2 * 5 + 2 * 3 })
assert.ok(outputsOf(small).every((value, i) => Math.abs(value - outputsOf(whole)[i]) < 1e-5))

assert.equal(decisionThreshold(model), undefined)
const onnx = await toOnnx(model, { values: 'int8' })
assert.ok(onnx.length > 0 && thresholdOfFile(onnx) === undefined)
assert.equal(positivesNeeded({ maximumFalseNegativeRate: 0.05, confidence: 0.95, levels: 7 }), 97)
assert.equal(auditRounds(result).byClass[1].difference, 1)
const { finding } = missesChart(result).usermeta
assert.equal(finding, 'Misses fall from 16 to 0 of 16 at 25 % of the weights')
const { renderSvg } = await import('tfjs-prune/report/vega')
await assert.rejects(renderSvg({ width: 100 }), /npm install vega@5 vega-lite@5/) // optional peers
const seeds = grid({ seed: [1, 2] })
const squares = await sweep(seeds, { module: ({ seed }) => ({ square: seed * seed }) })
assert.deepEqual(squares.rows[1], { seed: 2, square: 4 })
const elsewhere = {
  module: 'data:text/javascript,export default 3',
  runner: processes({ workers: 2 }),
}
await assert.rejects(sweep(seeds, elsewhere), /expected a function as the default export/)
elsewhere.module = 'data:text/javascript,export default () => ({})'
await assert.rejects(sweep(seeds, elsewhere), /got none: npm install tinypool@2/) // a peer
assert.equal(aucRoc([0, 1], [0.2, 0.8], { positiveClass: 1 }), 1)
const cost = losses.focal()(tensor1d([0, 1], 'int32'), tensor2d([[-9], [9]]))
assert.ok(cost.dataSync()[0] < 1e-4)
assert.equal(losses.paper, paper, 'one value under both names')

const distance = ({ initial, final }) => abs(sub(final, initial))
for (const { check } of criterionLaws) await check(() => distance)
const idle = ({ final }) => zerosLike(final)
const tellsApart = criterionLaws.find(
  ({ law }) => law === 'tells the elements of a trained weight apart',
)
assert.throws(
  () => tellsApart.check(() => idle),
  /^Error: Expected more than .* different scores of .*, got 1$/,
)
