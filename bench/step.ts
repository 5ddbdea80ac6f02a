// A training step on wasm with the mask held, against the same step without.
import * as tf from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import {
  applyMask,
  computeMask,
  maskedOptimizer,
  weightedCrossentropy,
  withMasks,
} from 'tfjs-prune'
import { startWasm } from '../examples/support/backend.js'
import { mediansInTurns, report } from './support/measure.js'
import { mlp, referenceCnn } from './support/networks.js'

const BATCH = 32

interface Subject {
  readonly name: string
  readonly model: LayersModel
  readonly optimizer: tf.Optimizer
}

function stepOf({ model, optimizer }: Subject, xs: tf.Tensor, ys: tf.Tensor): () => void {
  const loss = weightedCrossentropy()
  const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable)
  // As model.fit and fit() do.
  return () => {
    const cost = () => loss(ys, model.apply(xs, { training: true }) as tf.Tensor)
    const value = optimizer.minimize(cost, true, variables)!
    value.dataSync()
    value.dispose()
  }
}

async function measure(network: string, build: () => LayersModel, turns: number): Promise<void> {
  const momentum = () => tf.train.momentum(0.001, 0.9)
  const dense = build()
  const held = build()
  const mask = await computeMask(held, { density: 0.1 })
  applyMask(held, mask)
  const layered = withMasks(held, mask)
  const subjects: Subject[] = [
    { name: 'plain', model: dense, optimizer: momentum() },
    { name: 'maskedOptimizer', model: held, optimizer: maskedOptimizer(held, momentum(), mask) },
    { name: 'withMasks', model: layered, optimizer: momentum() },
  ]
  const classes = (dense.outputs[0]!.shape as number[])[1]!
  const xs = tf.randomNormal(
    [BATCH, ...(dense.inputs[0]!.shape as number[]).slice(1)],
    0,
    1,
    'float32',
    1,
  )
  const ys = tf.tensor1d(Array.from({ length: BATCH }, (_, i) => i % classes))
  const [plain, ...others] = await mediansInTurns(
    turns,
    subjects.map((subject) => stepOf(subject, xs, ys)),
  )
  others.forEach((seconds, index) => {
    const common = {
      bench: 'step',
      network,
      backend: 'wasm',
      batch: BATCH,
      subject: subjects[index + 1]!.name,
      seconds,
    }
    report({ ...common, baseline: 'plain', baselineSeconds: plain, ratio: seconds / plain! })
  })
}

export async function run(): Promise<void> {
  await startWasm()
  await measure('784-300-100-10', mlp, 200)
  await measure('reference-cnn', referenceCnn, 100)
}
