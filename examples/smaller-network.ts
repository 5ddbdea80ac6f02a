// Whole filters pruned with a budget of misses, then removed: a network that is smaller and faster,
// with the same outputs.
import * as tf from '@tensorflow/tfjs-core'
import { initializers, type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import {
  evaluateOn,
  falseNegativeRateAtMost,
  fineTune,
  fit,
  magnitude,
  paper,
  prune,
  stratifiedBatches,
  units,
} from 'tfjs-prune'
import { multiplyAdds, shrink } from 'tfjs-prune/shrink'
import { isShort, startWasm } from './support/backend.js'
import { printLedger, summary } from './support/ledger.js'
import { rareDigit } from './support/mnist.js'

await startWasm()
const digit = 8
const train = rareDigit('train', { digit, positives: isShort ? 20 : 600 })
const validation = rareDigit('train', { digit, positives: isShort ? 20 : 300, skip: 600 })
const test = rareDigit('t10k', { digit, positives: isShort ? 20 : 800 })

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

// #region prune
const { rounds, kept, reason } = await prune(model, {
  train: fit(train, {
    loss: paper.black(),
    optimizer: () => tf.train.momentum(0.005, 0.9),
    batches: stratifiedBatches({ labels: train.ys, batchSize: 32, seed: 1 }),
    epochs: isShort ? 1 : 4,
    clipNorm: 5,
  }),
  evaluate: evaluateOn(validation, { positiveClass: 1 }),
  granularity: units({ combine: 'norm' }),
  criterion: magnitude(),
  select: { keepLastLayer: true },
  schedule: [1, 0.5, 0.25, 0.125],
  rewind: fineTune(),
  stop: falseNegativeRateAtMost({ slack: 0.02 }),
})
// #endregion
printLedger('black, whole filters and units, on validation', rounds, kept?.round)
console.log(`${reason}.`)

// #region shrink
const { model: small, parameters, multiplyAdds: work, layers: cut } = await shrink(model)
for (const { layer, what, before, after } of cut)
  console.log(`${layer}: ${after} of ${before} ${what}`)
console.log(
  `${parameters.after} of ${parameters.before} parameters, ${work.after} of ${work.before} multiply-adds`,
)
// #endregion

/** Median seconds of a batch for each model, in turns. */
function secondsOf(models: readonly LayersModel[], xs: tf.Tensor): number[] {
  const taken = models.map((): number[] => [])
  for (let turn = 0; turn < (isShort ? 3 : 31); turn++) {
    for (const [i, one] of models.entries()) {
      const started = performance.now()
      tf.tidy(() => (one.predict(xs) as tf.Tensor).dataSync())
      taken[i]!.push((performance.now() - started) / 1000)
    }
  }
  return taken.map((seconds) => seconds.sort((a, b) => a - b)[seconds.length >> 1]!)
}

const { nonZero } = await multiplyAdds(model)
const [before, after] = secondsOf([model, small], tf.slice(test.xs, 0, 32))
console.log(`${nonZero} multiply-adds of the pruned model are not with 0.`)
console.log(`A batch of 32 takes 1/${(before! / after!).toFixed(1)} of the time.`)
const onTest = evaluateOn(test, { positiveClass: 1 })
console.log(`Pruned: ${summary(await onTest(model))}.\nSmaller: ${summary(await onTest(small))}.`)
