/**
 * `fit` with `sparseTraining` as its engine against tfjs with our gradients on wasm, with a mask
 * held: the whole call of two epochs, compiling included, and a step by itself. The loss is
 * `weightedCrossentropy`; `byTensors` is a step of which tfjs computes the loss. Least processor
 * time of the turns, in milliseconds a step.
 */
import { loadavg } from 'node:os'
import * as tf from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import {
  applyMask,
  computeMask,
  fit,
  type Mask,
  maskedOptimizer,
  type TrainingContext,
  type TrainingEngine,
  weightedCrossentropy,
} from 'tfjs-prune'
import { sparseTraining } from 'tfjs-prune/sparse/training'
import { startWasm } from '../examples/support/backend.js'
import { modelWeights } from '../src/internal/model-weights.js'
import { openTraining } from '../src/sparse/training/open-training.js'
import { costByTensors } from '../src/training/cost-by-tensors.js'
import { leastInTurns, processorSecondsOf, report } from './support/measure.js'
import { alexNet, mlp, referenceCnn } from './support/networks.js'

const networks = {
  'LeNet-300-100': { build: mlp, samples: 1280, steps: 100 },
  'reference CNN': { build: referenceCnn, samples: 1280, steps: 20 },
  'AlexNet, 64 pixels': { build: () => alexNet(64), samples: 64, steps: 2 },
}
const optimizers = { momentum: () => tf.train.momentum(1e-4, 0.9), adam: () => tf.train.adam(1e-4) }
const DENSITIES = [1, 0.25, 0.0625, 0.0157]
const [BATCH, EPOCHS, TURNS] = [32, 2, 4]

interface Case {
  readonly model: LayersModel
  readonly mask: Mask
  readonly kept: ReadonlyMap<tf.Variable, Uint8Array>
  readonly xs: tf.Tensor
  readonly ys: Int32Array
  readonly makeOptimizer: () => tf.Optimizer
  readonly density: number
}

/** Milliseconds a step of whole calls of `fit`. */
async function ofFit({ model, mask, kept, xs, ys, makeOptimizer, density }: Case) {
  const context: TrainingContext = {
    ...{ model, round: 1, density, resumeAt: { epoch: 0, step: 0, batch: 0 }, signal: undefined },
    ...{ learningRate: 'rewound', dataOrder: 'rewound', progress: () => {}, kept },
    hold: (inner) => maskedOptimizer(model, inner, mask),
    checkpoint: async () => {},
    restoreOptimizer: async () => {},
    keepOptimizer: async () => {},
  }
  const common = { epochs: EPOCHS, batchSize: BATCH, loss: weightedCrossentropy() }
  const trainer = (engine?: TrainingEngine) =>
    fit({ xs, ys }, { ...common, optimizer: makeOptimizer, ...(engine && { engine }) })
  const sides = [trainer(), trainer(sparseTraining({ when: 'always' }))]
  const runs = sides.map((train) => () => train(context))
  const [tfjs, sparse] = await leastInTurns(TURNS, runs, processorSecondsOf)
  const milliseconds = 1e3 / ((ys.length / BATCH) * EPOCHS)
  return { tfjs: tfjs! * milliseconds, sparse: sparse! * milliseconds, ratio: tfjs! / sparse! }
}

/** The same of steps on one batch. */
async function ofStep({ model, mask, kept, xs, ys, makeOptimizer }: Case, steps: number) {
  const loss = weightedCrossentropy({ output: 'logits' })
  const batch = tf.slice(xs, 0, BATCH)
  const labels = tf.tensor1d(ys.slice(0, BATCH), 'float32')
  const rows = { values: Float32Array.from(ys.slice(0, BATCH)), shape: [BATCH] }
  const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable)
  const held = maskedOptimizer(model, makeOptimizer(), mask)
  const training = await openTraining({
    ...{ model, kept, optimizer: makeOptimizer(), clipNorm: undefined },
  })
  const inputs = [batch.dataSync() as Float32Array]
  const byTensors = costByTensors((outputs) => loss(labels, outputs))
  const often = (times: number, step: () => void) => () => {
    for (let i = 0; i < times; i++) step()
  }
  const dense = () => {
    const cost = () => loss(labels, model.apply(batch, { training: true }) as tf.Tensor)
    held.minimize(cost, true, variables)!.dispose()
  }
  const [tfjs, sparse, tensors] = await leastInTurns(
    2 * TURNS,
    [
      often(steps / 2, dense),
      often(steps, () => training.work.step(inputs, (outputs) => loss.onRows!(rows, outputs))),
      often(steps, () => training.work.step(inputs, byTensors)),
    ],
    processorSecondsOf,
  )
  training.dispose()
  held.dispose()
  tf.dispose([batch, labels])
  const [a, b, c] = [tfjs! / (steps / 2), sparse! / steps, tensors! / steps]
  return { tfjs: a * 1e3, sparse: b * 1e3, ratio: a / b, byTensors: c * 1e3 }
}

async function compare(
  network: keyof typeof networks,
  optimizer: keyof typeof optimizers,
  density: number,
) {
  const { build, samples, steps } = networks[network]
  const model = build()
  const mask = await computeMask(model, { density })
  applyMask(model, mask)
  const xs = tf.randomNormal([samples, ...(model.inputs[0]!.shape.slice(1) as number[])], 0, 1)
  const ys = Int32Array.from({ length: samples }, (_, i) => i % 2)
  const variables = new Map(modelWeights(model).map((weight) => [weight.name, weight.variable]))
  const kept = new Map(mask.weights.map(({ name, values }) => [variables.get(name)!, values]))
  const one = { model, mask, kept, xs, ys, makeOptimizer: optimizers[optimizer], density }
  const common = { bench: 'sparse-training', network, optimizer, density, batch: BATCH }
  report({ ...common, of: 'fit', ...(await ofFit(one)), load: loadavg()[0] })
  report({ ...common, of: 'step', ...(await ofStep(one, steps)), load: loadavg()[0] })
  xs.dispose()
  model.dispose()
}

/** Milliseconds a step, by optimizer, network and density. */
export async function run(): Promise<void> {
  await startWasm()
  for (const optimizer of Object.keys(optimizers) as (keyof typeof optimizers)[])
    for (const network of Object.keys(networks) as (keyof typeof networks)[])
      for (const density of DENSITIES) await compare(network, optimizer, density)
}
