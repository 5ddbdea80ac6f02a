// LeNet-300-100 on MNIST at 8 and 3 % of its weights, as files: bytes and test error, beside the 27
// KB and 1.58 % of Deep Compression (Han et al. 2016, arXiv 1510.00149), which keeps 8 %. npx tsx
// bench/deep-compression.ts [seed]
import * as tf from '@tensorflow/tfjs-core'
import {
  evaluateOn,
  fit,
  lamp,
  magnitude,
  pruningRounds,
  rewindToInitial,
  weightedCrossentropy,
} from 'tfjs-prune'
import { startWasm } from '../examples/support/backend.js'
import { allDigits } from '../examples/support/mnist.js'
import { wrongShare } from './support/evaluations.js'
import { fileRows } from './support/files.js'
import { report } from './support/measure.js'
import { mlp } from './support/networks.js'

const [seed = 1] = process.argv.slice(2).map(Number)
const RATE = 0.0012
/** Levels that become files, and are trained longer. */
const SHOWN = [0.08, 0.03]

await startWasm()
const flat = ({ xs, ys }: ReturnType<typeof allDigits>) => ({ xs: tf.reshape(xs, [-1, 784]), ys })
const [data, held] = [flat(allDigits('train')), flat(allDigits('t10k'))]
const evaluate = evaluateOn(held, { positiveClass: 0, batchSize: 1000 })

const trainFor = (epochs: number) =>
  fit(data, {
    loss: weightedCrossentropy(),
    optimizer: () => tf.train.adam(RATE),
    learningRate: (epoch) => RATE * (1 - epoch / epochs),
    epochs,
    batchSize: 60,
    seed,
  })
const [short, long] = [trainFor(8), trainFor(30)]
const isShown = (density: number) => SHOWN.some((level) => Math.abs(density - level) < 1e-4)

const model = mlp()
const rounds = pruningRounds(model, {
  train: (context) => (isShown(context.density) ? long : short)(context),
  evaluate,
  criterion: magnitude(),
  allocate: lamp(),
  schedule: [1, 0.7, 0.49, 0.34, 0.24, 0.17, 0.12, 0.08, 0.056, 0.04, 0.03],
  rewind: rewindToInitial(),
})
for await (const { density, evaluation } of rounds) {
  report({ bench: 'deep-compression', density, error: wrongShare(evaluation) })
  if (!isShown(density)) continue
  for (const row of await fileRows(model, evaluate))
    report({ bench: 'deep-compression', density, ...row })
}
