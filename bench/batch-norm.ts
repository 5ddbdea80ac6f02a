// A training step of a network in the manner of MobileNetV2 on wasm, with its batch norms, fused and
// as tfjs runs them, and without them.
import * as tf from '@tensorflow/tfjs-core'
import { type LayersModel, layers, model, type SymbolicTensor } from '@tensorflow/tfjs-layers'
import { fuseBatchNorms } from 'tfjs-prune/backends/wasm'
import { startWasm } from '../examples/support/backend.js'
import { mediansInTurns, processorSecondsOf, report } from './support/measure.js'

const [BATCH, SIZE, CLASSES] = [16, 48, 2] as const
const TURNS = 101

/** Channels and strides of the inverted residuals, which widen their inputs 6 times. */
const blocks = [
  [16, 1],
  [24, 2],
  [32, 2],
  [96, 2],
  [96, 1],
] as const

function network({ norms }: { norms: boolean }): LayersModel {
  const next = (layer: { apply: (x: SymbolicTensor) => unknown }, x: SymbolicTensor) =>
    layer.apply(x) as SymbolicTensor
  const finish = (x: SymbolicTensor, active: boolean) => {
    const normed = norms ? next(layers.batchNormalization(), x) : x
    return active ? next(layers.activation({ activation: 'relu6' }), normed) : normed
  }
  const common = { padding: 'same', useBias: !norms } as const
  const point = (filters: number) => layers.conv2d({ filters, kernelSize: 1, ...common })
  const input = layers.input({ shape: [SIZE, SIZE, 3] })
  const stem = layers.conv2d({ filters: 16, kernelSize: 3, strides: 2, ...common })
  const body = blocks.reduce(
    (x, [filters, strides]) => {
      const channels = x.shape.at(-1)!
      const wide = finish(next(point(6 * channels), x), true)
      const depthwise = layers.depthwiseConv2d({ kernelSize: 3, strides, ...common })
      const out = finish(next(point(filters), finish(next(depthwise, wide), true)), false)
      return filters === channels ? (layers.add().apply([x, out]) as SymbolicTensor) : out
    },
    finish(next(stem, input), true),
  )
  const pooled = next(layers.globalAveragePooling2d({}), body)
  return model({ inputs: input, outputs: next(layers.dense({ units: CLASSES }), pooled) })
}

/** As model.fit and fit do. */
function stepOf(subject: LayersModel, xs: tf.Tensor, ys: tf.Tensor): () => void {
  const optimizer = tf.train.momentum(0.001, 0.9)
  const variables = subject.trainableWeights.map((weight) => weight.read() as tf.Variable)
  return () => {
    const cost = () =>
      tf.losses.softmaxCrossEntropy(
        ys,
        subject.apply(xs, { training: true }) as tf.Tensor,
      ) as tf.Scalar
    const value = optimizer.minimize(cost, true, variables)!
    value.dataSync()
    value.dispose()
  }
}

export async function run(): Promise<void> {
  await startWasm()
  const xs = tf.randomNormal([BATCH, SIZE, SIZE, 3], 0, 1, 'float32', 1)
  const classes = Int32Array.from({ length: BATCH }, (_, i) => i % CLASSES)
  const ys = tf.oneHot(tf.tensor1d(classes, 'int32'), CLASSES)
  const [fused, ordinary, without] = [true, true, false].map((norms) => network({ norms }))
  fuseBatchNorms(fused!)
  const steps = [fused!, ordinary!, without!].map((subject) => stepOf(subject, xs, ys))
  const [ofFused, ofOrdinary, baselineSeconds] = await mediansInTurns(
    TURNS,
    steps,
    processorSecondsOf,
  )
  for (const [norms, seconds] of [
    ['fused', ofFused!],
    ['of tfjs', ofOrdinary!],
  ] as const) {
    report({
      bench: 'batch-norm',
      norms,
      backend: 'wasm',
      batch: BATCH,
      seconds,
      baseline: 'without batch norm',
      baselineSeconds,
      ratio: seconds / baselineSeconds!,
    })
  }
}
