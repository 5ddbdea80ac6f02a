// A convolutional network that finds one digit among the others, trained and pruned on wasm in
// plain Node.

import * as tf from '@tensorflow/tfjs-core'
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers'
import { SingleBar } from 'cli-progress'
import {
  evaluateOn,
  falseNegativeRateAtMost,
  fit,
  geometric,
  paper,
  prune,
  stratifiedBatches,
} from 'tfjs-prune'
import { sparseTraining } from 'tfjs-prune/sparse/training'
import { isShort, startWasm } from './support/backend.js'
import { printLedger, summary } from './support/ledger.js'
import { rareDigit } from './support/mnist.js'

await startWasm()
const digit = 8
const train = rareDigit('train', { digit, positives: isShort ? 20 : 600 })
const validation = rareDigit('train', { digit, positives: isShort ? 20 : 300, skip: 600 })
const test = rareDigit('t10k', { digit, positives: isShort ? 20 : 800 })
console.log(`MNIST, digit ${digit} among the others at 1:5: ${train.ys.length} images to train.`)

const seeded = (seed: number) => ({ kernelInitializer: initializers.heNormal({ seed }) })
const conv = (filters: number) => ({
  filters,
  kernelSize: 3,
  padding: 'same' as const,
  activation: 'relu' as const,
})
const model = sequential({
  layers: [
    layers.conv2d({ ...conv(16), ...seeded(1), inputShape: [28, 28, 1] }),
    layers.maxPooling2d({ poolSize: 2 }),
    layers.conv2d({ ...conv(32), ...seeded(2) }),
    layers.maxPooling2d({ poolSize: 2 }),
    layers.flatten(),
    layers.dense({ units: 64, activation: 'relu', ...seeded(3) }),
    layers.dense({ units: 2, ...seeded(4) }),
  ],
})

const epochs = isShort ? 1 : 3
const rounds = 7
const bar = new SingleBar({ format: '{bar} {value}/{total} epochs, level {level}, loss {loss}' })
bar.start(epochs * rounds, 0, { level: 0, loss: '-' })
const started = performance.now()
const result = await prune(model, {
  train: fit(train, {
    loss: paper.black(),
    optimizer: () => tf.train.momentum(0.005, 0.9),
    batches: stratifiedBatches({ labels: train.ys, batchSize: 32, seed: 1 }),
    epochs,
    clipNorm: 5,
    engine: sparseTraining(),
  }),
  evaluate: evaluateOn(validation, { positiveClass: 1 }),
  schedule: geometric({ keep: 0.5, rounds }),
  // The output layer has 128 weights: at 1.57 % two would stay.
  select: { limits: [{ include: /\/kernel$/, minimumKept: 16 }] },
  stop: falseNegativeRateAtMost({ slack: 0.02 }),
  onProgress: (event) => {
    if (event.kind === 'epoch-finished')
      bar.increment(1, { level: event.round, loss: event.loss.toFixed(3) })
  },
})
bar.stop()
printLedger('black on validation', result.rounds, result.kept?.round)
console.log(`\n${((performance.now() - started) / 1000).toFixed(0)} s in all. ${result.reason}.`)
if (result.feasible)
  console.log(`On the test images: ${summary(await evaluateOn(test, { positiveClass: 1 })(model))}`)
