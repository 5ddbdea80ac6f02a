// Prune a tumour detector to a few per cent of its weights, and watch the missed tumours at every level.
import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as tf from '@tensorflow/tfjs-core'
import { initializers, layers, type LayersModel, sequential } from '@tensorflow/tfjs-layers'
import { applyTrained, evaluateOn, falseNegativesAtMost, fit, type LossSchedule, paper, prune } from 'tfjs-prune'
import { startWasm } from './support/backend.js'
import { loadBreastCancer } from './support/breast-cancer.js'
import { printLedger, summary } from './support/ledger.js'
import { loadModel, saveModel } from './support/model-files.js'

await startWasm()
const { train, validation, test } = loadBreastCancer(1)
console.log(`Breast cancer: ${train.ys.length} samples to train, ${validation.ys.length} to choose, ${test.ys.length} to test.`)

function buildModel(): LayersModel {
  const dense = (units: number, seed: number) => ({ units, kernelInitializer: initializers.heNormal({ seed }) })
  return sequential({
    layers: [
      layers.dense({ ...dense(256, 1), activation: 'relu', inputShape: [30] }),
      layers.dense({ ...dense(128, 2), activation: 'relu' }),
      layers.dense(dense(2, 3)),
    ],
  })
}

async function run(model: LayersModel, loss: LossSchedule) {
  // #region prune
  const result = await prune(model, {
    train: fit(train, { loss, optimizer: () => tf.train.momentum(0.002, 0.9), epochs: 30, clipNorm: 5, seed: 1 }),
    evaluate: evaluateOn(validation, { positiveClass: 1 }),
    stop: falseNegativesAtMost(2, { stopAfter: Number.POSITIVE_INFINITY }),
  })
  if (!result.feasible) console.log(`No level stays within the budget: ${result.reason}`)
  // #endregion
  return result
}

const red = await run(buildModel(), paper.red())
printLedger('red: the plain lottery ticket, on validation', red.rounds, red.kept?.round)

const model = buildModel()
const black = await run(model, paper.black())
printLedger('black: the class-dependent loss, on validation', black.rounds, black.kept?.round)

if (!black.feasible) throw new Error(black.reason)
const { round, density, densityOverAll } = black.kept
console.log(`\nThe budget of 2 missed tumours keeps level ${round}: ${(100 * density).toFixed(2)} % of the kernels, `)
console.log(`${(100 * densityOverAll).toFixed(2)} % of all parameters. On the test part, looked at once:`)
const onTest = evaluateOn(test, { positiveClass: 1 })
console.log(`  kept level:  ${summary(await onTest(model))}`)
applyTrained(model, black.rounds[0]!)
console.log(`  dense level: ${summary(await onTest(model))}`)

applyTrained(model, black.kept)
const folder = fileURLToPath(new URL('./out/quickstart/', import.meta.url))
rmSync(folder, { recursive: true, force: true })
await saveModel(model, folder)
const loaded = await loadModel(folder)
const [before, after] = [model, loaded].map((one) => (one.predict(test.xs) as tf.Tensor).dataSync())
if (!before!.every((value, i) => value === after![i])) throw new Error('the loaded model differs')
console.log(`Saved to ${folder}; stock tfjs loads it with nothing of tfjs-prune and gives the same outputs.`)
