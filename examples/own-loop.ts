// Your own training loop: `pruningRounds` says when to train which model, `hold` keeps pruned
// weights at 0.
import * as tf from '@tensorflow/tfjs-core'
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers'
import {
  classDependent,
  evaluateOn,
  lossFor,
  pruningRounds,
  stratifiedBatches,
  type TrainingContext,
} from 'tfjs-prune'
import { isShort, startWasm } from './support/backend.js'
import { loadBreastCancer } from './support/breast-cancer.js'

await startWasm()
const { train, validation } = loadBreastCancer(1)
const hidden = { units: 64, activation: 'relu' as const, inputShape: [30] }
const model = sequential({
  layers: [
    layers.dense({ ...hidden, kernelInitializer: initializers.heNormal({ seed: 1 }) }),
    layers.dense({ units: 2, kernelInitializer: initializers.heNormal({ seed: 2 }) }),
  ],
})

const epochs = isShort ? 2 : 10

// #region loop
const loss = lossFor(model, classDependent({ gamma: 5, lambda: 5 }))
const batches = stratifiedBatches({ labels: train.ys, batchSize: 32, seed: 1 })

async function trainRound(context: TrainingContext) {
  const { model, hold, round, resumeAt, signal } = context
  const optimizer = hold(tf.train.adam(0.001))
  await context.restoreOptimizer(optimizer)
  let last = 0
  for (let epoch = resumeAt.epoch; epoch < epochs; epoch++) {
    for (const indices of batches(epoch)) {
      signal?.throwIfAborted()
      last = tf.tidy(() => {
        const xs = tf.gather(train.xs, [...indices])
        const ys = tf.tensor1d([...indices].map((i) => train.ys[i]!))
        const cost = optimizer.minimize(
          () => loss(ys, model.apply(xs, { training: true }) as tf.Tensor),
          true,
        )
        return cost!.dataSync()[0]!
      })
    }
    await context.checkpoint({ epoch: epoch + 1, optimizer })
  }
  await context.keepOptimizer(optimizer)
  optimizer.dispose()
  console.log(`round ${round}: last loss ${last.toFixed(3)}`)
  return { loss: last }
}

const evaluate = evaluateOn(validation, { positiveClass: 1 })
for await (const { density, evaluation } of pruningRounds(model, { train: trainRound, evaluate })) {
  console.log(
    `${(100 * density).toFixed(2)} % of the kernels: ${evaluation.confusion.falseNegatives} missed`,
  )
  if (evaluation.confusion.falseNegatives > 6 || evaluation.falsePositiveRate > 0.2) break
}
// #endregion
