// A training step of a recurrent network on wasm with its layer fused, against the same step
// without.
import * as tf from '@tensorflow/tfjs-core'
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import { fuseRecurrent } from 'tfjs-prune/backends/wasm'
import { startWasm } from '../examples/support/backend.js'
import { mediansInTurns, processorSecondsOf, report } from './support/measure.js'

const [BATCH, STEPS, CHANNELS, UNITS, CLASSES] = [32, 28, 28, 64, 10] as const
const TURNS = 31

const kinds = ['gru', 'lstm', 'simpleRNN'] as const

function network(kind: (typeof kinds)[number]): LayersModel {
  const options = { units: UNITS, recurrentInitializer: 'glorotNormal' } as const
  const recurrent = layers[kind]({ ...options, inputShape: [STEPS, CHANNELS] })
  return sequential({ layers: [recurrent, layers.dense({ units: CLASSES })] })
}

/** As model.fit and fit do. */
function stepOf(model: LayersModel, xs: tf.Tensor, ys: tf.Tensor): () => void {
  const optimizer = tf.train.momentum(0.001, 0.9)
  const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable)
  return () => {
    const cost = () =>
      tf.losses.softmaxCrossEntropy(
        ys,
        model.apply(xs, { training: true }) as tf.Tensor,
      ) as tf.Scalar
    const value = optimizer.minimize(cost, true, variables)!
    value.dataSync()
    value.dispose()
  }
}

async function kernelCalls(step: () => void): Promise<number> {
  const { kernels } = await tf.profile(() => void step())
  return kernels.length
}

async function measure(kind: (typeof kinds)[number]): Promise<void> {
  const xs = tf.randomNormal([BATCH, STEPS, CHANNELS], 0, 1, 'float32', 1)
  const classes = Int32Array.from({ length: BATCH }, (_, i) => i % CLASSES)
  const ys = tf.oneHot(tf.tensor1d(classes, 'int32'), CLASSES)
  const [plain, fused] = [network(kind), network(kind)]
  fuseRecurrent(fused)
  const steps = [plain, fused].map((model) => stepOf(model, xs, ys))
  const [baselineSeconds, seconds] = await mediansInTurns(TURNS, steps, processorSecondsOf)
  const [before, after] = [await kernelCalls(steps[0]!), await kernelCalls(steps[1]!)]
  const common = { bench: 'recurrent', layer: kind, backend: 'wasm', batch: BATCH }
  report({
    ...common,
    seconds,
    baseline: 'plain',
    baselineSeconds,
    ratio: seconds! / baselineSeconds!,
    kernelCalls: after,
    baselineKernelCalls: before,
  })
}

export async function run(): Promise<void> {
  await startWasm()
  for (const kind of kinds) await measure(kind)
}
