// Prune a tumour detector to a few per cent of its weights, and watch the missed tumours at every
// level.
import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as tf from '@tensorflow/tfjs-core'
import {
  initializers,
  type LayersModel,
  layers,
  loadLayersModel,
  sequential,
} from '@tensorflow/tfjs-layers'
import {
  applyTrained,
  evaluateOn,
  falseNegativesAtMost,
  fit,
  type LossSchedule,
  type PruneOptions,
  paper,
  prune,
  recipe,
} from 'tfjs-prune'
import { compressedHandler, fileHandler, saveCompressed } from 'tfjs-prune/files'
import { ledger } from 'tfjs-prune/metrics'
import { compileSparse } from 'tfjs-prune/sparse'
import { startWasm } from './support/backend.js'
import { loadBreastCancer } from './support/breast-cancer.js'
import { printLedger, summary } from './support/ledger.js'
import { millisecondsOf } from './support/milliseconds.js'
import { shortText, storedSets } from './support/misses-tables.js'

await startWasm()
const { train, validation, test } = loadBreastCancer(1)
console.log(
  `Breast cancer: ${train.ys.length} samples to train, ${validation.ys.length} to choose, ${test.ys.length} to test.`,
)

function buildModel(): LayersModel {
  const dense = (units: number, seed: number) => ({
    units,
    kernelInitializer: initializers.heNormal({ seed }),
  })
  return sequential({
    layers: [
      layers.dense({ ...dense(256, 1), activation: 'relu', inputShape: [30] }),
      layers.dense({ ...dense(128, 2), activation: 'relu' }),
      layers.dense(dense(2, 3)),
    ],
  })
}

const evaluate = evaluateOn(validation, { positiveClass: 1 })
const stop = falseNegativesAtMost(2)

async function run(
  title: string,
  model: LayersModel,
  { loss, ...pruning }: { loss: LossSchedule } & Partial<PruneOptions>,
) {
  const optimizer = () => tf.train.momentum(0.002, 0.9)
  const training = fit(train, { loss, optimizer, epochs: 30, clipNorm: 5, seed: 1 })
  const result = await prune(model, { train: training, evaluate, stop, ...pruning })
  printLedger(`${title}, on validation`, result.rounds, result.kept?.round)
  console.log(`${result.feasible ? 'Kept' : 'No level is kept'}: ${result.reason}.`)
  console.log(`The run ended: ${result.ended}.`)
  return result
}

const red = await run('red: the plain lottery ticket', buildModel(), { loss: paper.red() })
// Its first and last kernels are a fifth of all weights, and they stay whole: no level below that.
await run('red with a teacher and whole ends', buildModel(), {
  ...recipe.denseQuality().pruning,
  loss: paper.red(),
  schedule: [1, 0.5, 0.25],
})
const model = buildModel()
const black = await run('black: the class-dependent loss', model, { loss: paper.black() })
if (!black.feasible) throw new Error(black.reason)

const { round, density, densityOverAll } = black.kept
const shares = [density, densityOverAll].map((share) => `${(100 * share).toFixed(2)} %`)
console.log(
  `The budget of 2 missed tumours keeps level ${round}: ${shares[0]} of the kernels, ${shares[1]} of all parameters.`,
)
const onTest = evaluateOn(test, { positiveClass: 1 })
const kept = await onTest(model)
applyTrained(model, black.rounds[0]!)
const dense = await onTest(model)
console.log(
  `On the test part, looked at once: ${summary(kept)}.\nThe dense level there: ${summary(dense)}.`,
)

applyTrained(model, black.kept)
const folder = fileURLToPath(new URL('./out/quickstart/', import.meta.url))
await model.save(fileHandler(folder))
const loaded = await loadLayersModel(fileHandler(folder))
console.log(`Saved to ${folder}: a model.json that any tfjs loads.`)

const file = join(folder, 'model.tfpr')
await saveCompressed(model, file)
const unpacked = await loadLayersModel(compressedHandler(file))
const [before, ...after] = [model, loaded, unpacked].map((one) =>
  (one.predict(test.xs) as tf.Tensor).dataSync(),
)
if (!after.every((outputs) => outputs.every((value, i) => value === before![i])))
  throw new Error('a loaded model differs')
const stock = readdirSync(folder).filter((name) => name === 'model.json' || name.endsWith('.bin'))
const bytes = stock.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)
console.log(
  `As one file of the weights that are left: ${statSync(file).size} bytes instead of ${bytes}; read back, both give the same outputs.`,
)

// The ledgers, from which scripts/picture.ts draws the picture of the README.
const onTestPart = { dense: dense.confusion, kept: kept.confusion }
const ledgers = { red: ledger(red.rounds), black: ledger(black.rounds), test: onTestPart }
writeFileSync(join(folder, 'ledgers.json'), `${JSON.stringify(ledgers, null, 2)}\n`)

// A prediction of one sample, by tfjs and by the compiled network, which skips the zeros.
const sample = (await test.xs.data()).slice(0, 30) as Float32Array
for (const level of [black.rounds[0]!, black.kept]) {
  applyTrained(model, level)
  const network = await compileSparse(model)
  const input = tf.tensor2d(sample, [1, 30])
  const byTfjs = () => tf.tidy(() => (model.predict(input) as tf.Tensor).dataSync())
  const compiled = () => network.predict(sample) as Float32Array
  const wanted = byTfjs()
  if (!compiled().every((value, i) => Math.abs(value - wanted[i]!) < 1e-4))
    throw new Error('the compiled network differs')
  const [slow, fast] = [byTfjs, compiled].map((call) => millisecondsOf(call).toPrecision(2))
  const share = (100 * level.density).toFixed(2)
  console.log(`One prediction at ${share} %: ${slow} ms in tfjs, ${fast} ms compiled.`)
  network.dispose()
}

console.log(
  `\nOn images, means over 8 seeds at 12.5, 6.25 and 3.1 % of the weights (docs/guide/misses.md):\n${shortText(storedSets())}`,
)
