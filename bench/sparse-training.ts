/**
 * `fit` with `sparseTraining` as its engine against tfjs with our gradients on wasm: the whole call
 * of two epochs with a mask held, compiling and the loss in tfjs included, medians of processor time
 * by step.
 */
import * as tf from '@tensorflow/tfjs-core'
import {
  applyMask,
  computeMask,
  fit,
  maskedOptimizer,
  type TrainingContext,
  type TrainingEngine,
  weightedCrossentropy,
} from 'tfjs-prune'
import { sparseTraining } from 'tfjs-prune/sparse/training'
import { startWasm } from '../examples/support/backend.js'
import { modelWeights } from '../src/internal/model-weights.js'
import { mediansInTurns, processorSecondsOf, report } from './support/measure.js'
import { mlp, referenceCnn } from './support/networks.js'

const networks = { 'LeNet-300-100': mlp, 'reference CNN': referenceCnn }
const optimizers = { momentum: () => tf.train.momentum(1e-4, 0.9), adam: () => tf.train.adam(1e-4) }
const DENSITIES = [1, 0.5, 0.25, 0.125, 0.0625, 0.0312, 0.0157]
const [SAMPLES, BATCH, EPOCHS] = [1280, 32, 2]
const TURNS = 5

type Optimizer = keyof typeof optimizers

async function compare(name: keyof typeof networks, optimizer: Optimizer, density: number) {
  const model = networks[name]()
  const mask = await computeMask(model, { density })
  applyMask(model, mask)
  const xs = tf.randomNormal([SAMPLES, ...(model.inputs[0]!.shape.slice(1) as number[])], 0, 1)
  const ys = Int32Array.from({ length: SAMPLES }, (_, i) => i % 2)
  const variables = new Map(modelWeights(model).map((weight) => [weight.name, weight.variable]))
  const context: TrainingContext = {
    ...{ model, round: 1, density, resumeAt: { epoch: 0, step: 0, batch: 0 }, signal: undefined },
    ...{ learningRate: 'rewound', dataOrder: 'rewound', progress: () => {} },
    hold: (inner) => maskedOptimizer(model, inner, mask),
    kept: new Map(mask.weights.map((weight) => [variables.get(weight.name)!, weight.values])),
    checkpoint: async () => {},
    restoreOptimizer: async () => {},
    keepOptimizer: async () => {},
  }
  const options = { epochs: EPOCHS, batchSize: BATCH, loss: weightedCrossentropy() }
  const trainer = (engine?: TrainingEngine) =>
    fit({ xs, ys }, { ...options, optimizer: optimizers[optimizer], ...(engine && { engine }) })
  const sides = [trainer(), trainer(sparseTraining({ when: 'always' }))]
  const [tfjs, sparse] = await mediansInTurns(
    TURNS,
    sides.map((train) => () => train(context)),
    processorSecondsOf,
  )
  const steps = (SAMPLES / BATCH) * EPOCHS
  report({
    ...{ bench: 'sparse-training', network: name, optimizer, density, batch: BATCH },
    ...{ tfjs: (tfjs! / steps) * 1e3, sparse: (sparse! / steps) * 1e3, ratio: tfjs! / sparse! },
  })
  xs.dispose()
  model.dispose()
}

/** Milliseconds a step, by network, optimizer and density. */
export async function run(): Promise<void> {
  await startWasm()
  for (const name of Object.keys(networks) as (keyof typeof networks)[])
    for (const optimizer of Object.keys(optimizers) as Optimizer[])
      for (const density of DENSITIES) await compare(name, optimizer, density)
}
