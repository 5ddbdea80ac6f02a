// The MNIST network of tfmot's pruning tutorial (conv 12 3x3 - pool - dense 10; 20,410 parameters)
// at 80 % sparsity: bytes and test accuracy by file type, beside the tutorial's 25.6 kB (gzip) and
// 7.8 kB (8 bits, gzip). npx tsx bench/tfmot-cnn.ts [seed]
import * as tf from '@tensorflow/tfjs-core'
import { initializers, type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import {
  evaluateOn,
  gradualPruner,
  magnitude,
  shuffledBatches,
  weightedCrossentropy,
} from 'tfjs-prune'
import { startWasm } from '../examples/support/backend.js'
import { allDigits } from '../examples/support/mnist.js'
import { wrongShare } from './support/evaluations.js'
import { fileRows } from './support/files.js'
import { report } from './support/measure.js'

const [seed = 1] = process.argv.slice(2).map(Number)
const epochs = { dense: 4, pruned: 2 }
const batchSize = 128

function network(): LayersModel {
  return sequential({
    layers: [
      layers.conv2d({
        filters: 12,
        kernelSize: 3,
        activation: 'relu',
        inputShape: [28, 28, 1],
        kernelInitializer: initializers.glorotUniform({ seed }),
      }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.flatten(),
      layers.dense({
        units: 10,
        kernelInitializer: initializers.glorotUniform({ seed: seed + 1 }),
      }),
    ],
  })
}

await startWasm()
const [train, test] = [allDigits('train'), allDigits('t10k')]
const model = network()
const loss = weightedCrossentropy()
const batches = shuffledBatches({ sampleCount: train.ys.length, batchSize, seed })

async function trainFor(
  count: number,
  optimizer: tf.Optimizer,
  afterStep: () => Promise<unknown> = async () => {},
) {
  for (let epoch = 0; epoch < count; epoch++) {
    for (const indices of batches(epoch)) {
      tf.tidy(() => {
        const xs = tf.gather(train.xs, tf.tensor1d(Int32Array.from(indices), 'int32'))
        const ys = tf.tensor1d(
          Int32Array.from(indices, (i) => train.ys[i]!),
          'int32',
        )
        optimizer.minimize(() => loss(ys, model.apply(xs, { training: true }) as tf.Tensor))
      })
      await afterStep()
    }
  }
  optimizer.dispose()
}

const evaluate = evaluateOn(test, { positiveClass: 0, batchSize: 1000 })
await trainFor(epochs.dense, tf.train.adam(0.001))
report({ bench: 'tfmot-cnn', network: 'dense', accuracy: 1 - wrongShare(await evaluate(model)) })

const end = epochs.pruned * Math.ceil(train.ys.length / batchSize)
const pruner = await gradualPruner(model, {
  density: 0.2,
  initialDensity: 0.5,
  begin: 0,
  end,
  criterion: magnitude(),
})
await trainFor(epochs.pruned, pruner.optimizer(tf.train.adam(0.001)), pruner.step)
report({
  bench: 'tfmot-cnn',
  network: 'pruned',
  density: pruner.mask.density,
  published: { gzip: 25600, gzip8bits: 7800 },
})
for (const row of await fileRows(model, evaluate)) report({ bench: 'tfmot-cnn', ...row })
