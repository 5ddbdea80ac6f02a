import { input, type LayersModel, layers, model, sequential } from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import { denseMask } from '../../src/masks/dense-mask.js'
import { selectWeights } from '../../src/select/select-weights.js'
import { through } from '../support/through.js'

const recurrent = { units: 2, recurrentInitializer: 'glorotNormal' as const }
const one = (layer: layers.Layer) => () => sequential({ layers: [layer] })
const image = { filters: 2, kernelSize: 2, inputShape: [3, 3, 2] }
const volume = { filters: 2, kernelSize: 2, inputShape: [3, 3, 3, 2] }

test.each<[string, () => LayersModel, string, string]>([
  ['Dense', one(layers.dense({ name: 'x', units: 2, inputShape: [3] })), 'x/kernel', 'x/bias'],
  ['Conv1D', one(layers.conv1d({ name: 'x', ...image, inputShape: [3, 2] })), 'x/kernel', 'x/bias'],
  ['Conv2D', one(layers.conv2d({ name: 'x', ...image })), 'x/kernel', 'x/bias'],
  ['Conv3D', one(layers.conv3d({ name: 'x', ...volume })), 'x/kernel', 'x/bias'],
  ['Conv2DTranspose', one(layers.conv2dTranspose({ name: 'x', ...image })), 'x/kernel', 'x/bias'],
  ['Conv3DTranspose', one(layers.conv3dTranspose({ name: 'x', ...volume })), 'x/kernel', 'x/bias'],
  [
    'DepthwiseConv2D',
    one(layers.depthwiseConv2d({ name: 'x', ...image })),
    'x/depthwise_kernel',
    'x/bias',
  ],
  [
    'SeparableConv2D',
    one(layers.separableConv2d({ name: 'x', ...image })),
    'x/depthwise_kernel,x/pointwise_kernel',
    'x/bias',
  ],
  [
    'SimpleRNN',
    one(layers.simpleRNN({ name: 'x', ...recurrent, inputShape: [3, 2] })),
    'x/kernel,x/recurrent_kernel',
    'x/bias',
  ],
  [
    'GRU',
    one(layers.gru({ name: 'x', ...recurrent, inputShape: [3, 2] })),
    'x/kernel,x/recurrent_kernel',
    'x/bias',
  ],
  [
    'LSTM',
    one(layers.lstm({ name: 'x', ...recurrent, inputShape: [3, 2] })),
    'x/kernel,x/recurrent_kernel',
    'x/bias',
  ],
  [
    'ConvLSTM2D',
    one(layers.convLstm2d({ name: 'x', ...recurrent, ...image, inputShape: [2, 3, 3, 2] })),
    'x/kernel,x/recurrent_kernel',
    'x/bias',
  ],
  [
    'Embedding',
    one(layers.embedding({ name: 'x', inputDim: 3, outputDim: 2, inputLength: 2 })),
    'x/embeddings',
    '',
  ],
])('selectWeights knows the kernels and biases of %s', (className, build, kernels, biases) => {
  const built = build()
  const names = (options = {}) => selectWeights(built, options).weights.map(({ name }) => name)
  expect(names().join()).toBe(kernels)
  expect(
    names({ biases: true })
      .filter((name) => !kernels.split(',').includes(name))
      .join(),
  ).toBe(biases)
  expect(selectWeights(built).weights[0]!.className).toBe(className)
})

test('selectWeights opens wrappers', () => {
  const layer = layers.lstm({ name: 'cell', ...recurrent, returnSequences: true }) as layers.RNN
  const built = sequential({
    layers: [
      layers.bidirectional({ name: 'both', layer, mergeMode: 'concat', inputShape: [4, 3] }),
      layers.timeDistributed({ name: 'each', layer: layers.dense({ name: 'inner', units: 2 }) }),
    ],
  })
  expect(selectWeights(built).weights.map(({ name, className }) => `${name} ${className}`)).toEqual(
    [
      'both/forward_cell/kernel LSTM',
      'both/forward_cell/recurrent_kernel LSTM',
      'both/backward_cell/kernel LSTM',
      'both/backward_cell/recurrent_kernel LSTM',
      'each/inner/kernel Dense',
    ],
  )
})

test('selectWeights leaves normalisation and PReLU whole without a report', () => {
  const built = sequential({
    layers: [
      layers.dense({ name: 'a', units: 3, inputShape: [3] }),
      layers.batchNormalization(),
      layers.layerNormalization(),
      layers.prelu(),
    ],
  })
  const { weights, skipped } = selectWeights(built, { biases: true })
  expect(weights.map(({ name }) => name)).toEqual(['a/kernel', 'a/bias'])
  expect(skipped).toEqual([])
})

test('selectWeights takes a layer once that two branches share', () => {
  const x = input({ shape: [3] })
  const twin = layers.dense({ name: 'twin', units: 3 })
  const built = model({
    inputs: x,
    outputs: through(layers.add(), [through(twin, x), through(twin, through(twin, x))]),
  })
  expect(selectWeights(built).weights.map(({ name }) => name)).toEqual(['twin/kernel'])
  expect(denseMask(built).parameters).toBe(12)
})

test('selectWeights takes a nested model once that two branches share', () => {
  const x = input({ shape: [3] })
  const encoder = sequential({
    name: 'encoder',
    layers: [layers.dense({ name: 'a', units: 3, inputShape: [3] })],
  })
  const built = model({ inputs: x, outputs: through(encoder, through(encoder, x)) })
  expect(selectWeights(built).weights.map(({ name }) => name)).toEqual(['encoder/a/kernel'])
  expect(denseMask(built).parameters).toBe(12)
})

test('selectWeights takes a layer once that a nested model and the outer one share, and counts it once', () => {
  const x = input({ shape: [3] })
  const shared = layers.dense({ name: 'shared', units: 3 })
  const inner = sequential({
    name: 'inner',
    layers: [layers.inputLayer({ inputShape: [3] }), shared],
  })
  const built = model({
    inputs: x,
    outputs: through(layers.add(), [through(inner, x), through(shared, x)]),
  })
  const { weights } = selectWeights(built, { biases: true })
  expect(weights.map(({ name }) => name.split('/').at(-1))).toEqual(['kernel', 'bias'])
  const mask = denseMask(built)
  expect([mask.size, mask.parameters, mask.densityOverAll]).toEqual([9, 12, 1])
})

test('selectWeights gives layers of the same name in different models different names', () => {
  const nested = (name: string) =>
    sequential({ name, layers: [layers.dense({ name: 'same', units: 3, inputShape: [3] })] })
  const built = sequential({ layers: [nested('one'), nested('two')] })
  expect(selectWeights(built).weights.map(({ name }) => name)).toEqual([
    'one/same/kernel',
    'two/same/kernel',
  ])
})

test('selectWeights gives the same names to the same model built twice', () => {
  const build = () =>
    sequential({ layers: [layers.dense({ name: 'a', units: 2, inputShape: [3] })] })
  const [first, second] = [build(), build()]
  expect(first.weights[0]!.name).not.toBe(second.weights[0]!.name)
  expect(selectWeights(first)).toEqual(selectWeights(second))
})
