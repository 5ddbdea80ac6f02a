import * as tf from '@tensorflow/tfjs-core'
import {
  initializers,
  input,
  type LayersModel,
  layers,
  model,
  type SymbolicTensor,
  sequential,
} from '@tensorflow/tfjs-layers'
import { applyMask, computeMask } from 'tfjs-prune'
import { describe, expect, it } from 'vitest'
import { openTraining } from '../../../src/sparse/training/open-training.js'
import { costByTensors } from '../../../src/training/cost-by-tensors.js'
import { differenceOf, floatsOf, keptBy, stepsOfSparse, stepsOfTfjs } from './support.js'

const seeded = (seed: number) => ({ kernelInitializer: initializers.heNormal({ seed }) })

const conv = (filters: number, seed: number, more = {}) =>
  layers.conv2d({
    filters,
    kernelSize: 3,
    padding: 'same',
    activation: 'relu',
    ...seeded(seed),
    ...more,
  })

const head = () => layers.dense({ units: 3, ...seeded(9) })

const networks: Record<string, () => LayersModel> = {
  dense: () =>
    sequential({
      layers: [
        layers.dense({ units: 7, activation: 'elu', inputShape: [5], ...seeded(1) }),
        head(),
      ],
    }),
  convolutions: () =>
    sequential({
      layers: [
        conv(6, 1, { inputShape: [6, 6, 3] }),
        layers.maxPooling2d({ poolSize: 2 }),
        conv(5, 2),
        layers.maxPooling2d({ poolSize: 3, strides: 2, padding: 'same' }),
        layers.flatten(),
        layers.dense({ units: 7, activation: 'tanh', ...seeded(3) }),
        head(),
      ],
    }),
  strides: () =>
    sequential({
      layers: [
        conv(6, 1, { inputShape: [9, 9, 3], strides: 2 }),
        conv(5, 2, { strides: 2, padding: 'valid', activation: 'relu6' }),
        layers.averagePooling2d({ poolSize: 2 }),
        layers.flatten(),
        layers.dense({ units: 3, activation: 'softmax', ...seeded(4) }),
      ],
    }),
  norms: () =>
    sequential({
      layers: [
        conv(6, 1, { inputShape: [5, 5, 3], useBias: false, activation: 'linear' }),
        layers.batchNormalization(),
        layers.reLU({ maxValue: 6 }),
        layers.depthwiseConv2d({
          ...{ kernelSize: 3, padding: 'same', useBias: false },
          depthwiseInitializer: initializers.heNormal({ seed: 3 }),
        }),
        layers.batchNormalization({ scale: false }),
        layers.globalAveragePooling2d({}),
        head(),
      ],
    }),
  branches: () => {
    const xs = input({ shape: [6, 6, 4] })
    const made = conv(4, 1).apply(xs) as SymbolicTensor
    const sum = layers.add().apply([xs, made]) as SymbolicTensor
    const thin = conv(3, 2, { kernelSize: 1 }).apply(sum) as SymbolicTensor
    const both = layers.concatenate().apply([thin, sum]) as SymbolicTensor
    const pooled = layers.globalMaxPooling2d({}).apply(both) as SymbolicTensor
    const dropped = layers.dropout({ rate: 0.3, seed: 5 }).apply(pooled) as SymbolicTensor
    return model({ inputs: xs, outputs: head().apply(dropped) as SymbolicTensor })
  },
}

/** Pools whose images are read by others as well, have pixels beyond the last window, or padding. */
const pools = (): LayersModel => {
  const xs = input({ shape: [8, 8, 2] })
  const made = conv(4, 1).apply(xs) as SymbolicTensor
  const half = layers.maxPooling2d({ poolSize: 2 }).apply(made) as SymbolicTensor
  const inner = conv(5, 2, { padding: 'valid', kernelSize: 2 }).apply(half) as SymbolicTensor
  const odd = layers.maxPooling2d({ poolSize: 2 }).apply(inner) as SymbolicTensor
  const wide = conv(3, 3).apply(made) as SymbolicTensor
  const quarter = layers.maxPooling2d({ poolSize: 4 }).apply(wide) as SymbolicTensor
  const last = conv(4, 4).apply(quarter) as SymbolicTensor
  const padded = layers.maxPooling2d({ poolSize: 3, strides: 3, padding: 'same' }).apply(last)
  const parts = [made, odd, last, padded as SymbolicTensor].map(
    (one) => layers.flatten().apply(one) as SymbolicTensor,
  )
  const joined = layers.concatenate().apply(parts) as SymbolicTensor
  return model({ inputs: xs, outputs: head().apply(joined) as SymbolicTensor })
}

const optimizers: Record<string, () => tf.Optimizer> = {
  sgd: () => tf.train.sgd(0.05),
  momentum: () => tf.train.momentum(0.02, 0.9),
  nesterov: () => tf.train.momentum(0.02, 0.9, true),
  adam: () => tf.train.adam(0.01),
  rmsprop: () => tf.train.rmsprop(0.005, 0.9, 0.5),
}

/** 37 samples: two whole groups of 16, and one with 5. */
function task(of: LayersModel) {
  const xs = tf.randomNormal(
    [37, ...(of.inputs[0]!.shape.slice(1) as number[])],
    0,
    1,
    'float32',
    7,
  )
  const ys = tf.tidy(() =>
    tf.oneHot(
      tf.tensor1d(
        Array.from({ length: 37 }, (_, i) => i % 3),
        'int32',
      ),
      3,
    ),
  )
  const costOf = (outputs: tf.Tensor) => tf.losses.softmaxCrossEntropy(ys, outputs) as tf.Scalar
  return { inputs: [xs], costOf, free: () => tf.dispose([xs, ys]) }
}

describe('a compiled step is that of tfjs', () => {
  for (const [name, build] of Object.entries({ ...networks, pools })) {
    it.each(name === 'pools' ? ['sgd'] : Object.keys(optimizers))(
      `${name}, %s`,
      async (optimizer) => {
        for (const density of [1, 0.3]) {
          const network = build()
          const { free, ...given } = task(network)
          const mask = await computeMask(network, { density })
          applyMask(network, mask)
          const start = network.getWeights().map((weight) => weight.clone())
          const makeOptimizer = optimizers[optimizer]!
          const all = { model: network, mask, makeOptimizer, steps: 3, ...given }
          const wanted = stepsOfTfjs(all)
          network.setWeights(start)
          const made = await stepsOfSparse(all)
          expect(made.loss / wanted.loss).toBeCloseTo(1, 5)
          // Adam divides by the size of the gradient, that of rounding errors too.
          expect(differenceOf(wanted.weights, made.weights)).toBeLessThan(1e-4)
          expect(
            differenceOf(
              wanted.weights,
              start.map((one) => one.dataSync() as Float32Array),
            ),
          ).toBeGreaterThan(1e-4)
          expect(made.left).toBe(0)
          for (const { name, values } of mask.weights) {
            const found = network.weights.find((one) => name.endsWith(one.originalName))
            const after = found && (found.read().dataSync() as Float32Array)
            if (after) expect(values.every((kept, i) => kept === 1 || after[i] === 0)).toBe(true)
          }
          tf.dispose(start)
          free()
          network.dispose()
        }
      },
    )
  }
})

describe('a compiled training', () => {
  it('clips by the norm of the kept gradients', async () => {
    const network = networks.dense!()
    const { free, ...given } = task(network)
    const mask = await computeMask(network, { density: 0.5 })
    applyMask(network, mask)
    const before = network.getWeights().map((weight) => Float32Array.from(weight.dataSync()))
    const makeOptimizer = () => tf.train.sgd(1)
    const all = { model: network, mask, makeOptimizer, steps: 1, ...given }
    const made = await stepsOfSparse(all, 0.01)
    let squares = 0
    for (const [i, weights] of made.weights.entries())
      for (const [k, value] of weights.entries()) squares += (value - before[i]![k]!) ** 2
    expect(Math.sqrt(squares)).toBeCloseTo(0.01, 5)
    free()
    network.dispose()
  })

  it('takes over weights that others changed, and batches of other sizes', async () => {
    const network = networks.dense!()
    const { free, inputs, costOf } = task(network)
    const mask = await computeMask(network, { density: 0.5 })
    applyMask(network, mask)
    const optimizer = tf.train.sgd(0)
    const training = await openTraining({
      ...{ model: network, kept: keptBy(network, mask), optimizer, clipNorm: undefined },
    })
    const lossOf = (xs: tf.Tensor) => {
      const ys = tf.zeros([xs.shape[0]!, 3])
      const costOf = (outputs: tf.Tensor) => tf.losses.meanSquaredError(ys, outputs) as tf.Scalar
      const loss = training.work.step([floatsOf(xs)], costByTensors(costOf))
      ys.dispose()
      return loss
    }
    const wanted = (xs: tf.Tensor) =>
      tf.tidy(() => tf.mean(tf.square(network.predict(xs) as tf.Tensor)).dataSync()[0]!)
    const few = tf.slice(inputs[0]!, 0, 3)
    expect(lossOf(few)).toBeCloseTo(wanted(few), 5)
    expect(lossOf(inputs[0]!)).toBeCloseTo(wanted(inputs[0]!), 5)
    network.setWeights(network.getWeights().map((weight) => tf.mul(weight, 2)))
    training.work.load()
    expect(lossOf(few)).toBeCloseTo(wanted(few), 4)
    expect(costOf).toBeTypeOf('function')
    training.dispose()
    optimizer.dispose()
    few.dispose()
    free()
    network.dispose()
  })
})
