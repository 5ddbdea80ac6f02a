import {
  input,
  type LayersModel,
  layers,
  model as modelOf,
  type SymbolicTensor,
  sequential,
} from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import { modelWeights } from '../../src/internal/model-weights.js'
import { resolveModel } from '../../src/select/resolve-model.js'
import type { SelectionOptions } from '../../src/select/selection-options.js'
import { loadMobileNetV2 } from '../real-models/nsfw.js'
import { through } from '../support/through.js'

const same = { padding: 'same' as const, kernelSize: 3 }
const dense = (name: string, units = 3, given = {}) => layers.dense({ name, units, ...given })
const conv = (name: string, filters = 4, given = {}) =>
  layers.conv2d({ name, filters, ...same, ...given })
const cell = { units: 3, recurrentInitializer: 'glorotNormal' as const }
const lstm = (name: string, given = {}) => layers.lstm({ name, ...cell, ...given })
const image = () => input({ shape: [6, 6, 2] })
const chain = (x: SymbolicTensor, ...all: layers.Layer[]) =>
  all.reduce((tensor, layer) => through(layer, tensor), x)
const simple = (x: SymbolicTensor, ...all: layers.Layer[]) =>
  modelOf({ inputs: x, outputs: chain(x, ...all) })

/** A block of MobileNetV2: expansion, depthwise convolution, projection, and the way around them. */
const residual = (x: SymbolicTensor, name: string) =>
  through(layers.add(), [
    x,
    chain(
      x,
      conv(`${name}_expand`, 8, { kernelSize: 1 }),
      layers.batchNormalization(),
      layers.depthwiseConv2d({ name: `${name}_depthwise`, ...same }),
      conv(`${name}_project`, 4, { kernelSize: 1 }),
    ),
  ])

const architectures: Record<string, [() => LayersModel, string[]]> = {
  'a row of layers': [
    () => sequential({ layers: [dense('a', 5, { inputShape: [4] }), dense('b'), dense('c')] }),
    ['a/kernel', 'c/kernel'],
  ],
  'one layer': [() => sequential({ layers: [dense('a', 5, { inputShape: [4] })] }), ['a/kernel']],
  'a convolutional network with a normalisation first and a softmax last': [
    () =>
      simple(
        image(),
        layers.batchNormalization(),
        conv('first'),
        layers.maxPooling2d({ poolSize: 2 }),
        conv('middle'),
        layers.globalAveragePooling2d({}),
        dense('hidden'),
        layers.dropout({ rate: 0.5 }),
        dense('out'),
        layers.softmax(),
      ),
    ['first/kernel', 'out/kernel'],
  ],
  'residual blocks of depthwise separable convolutions': [
    () => {
      const stem = through(conv('stem'), image())
      const { inputs } = modelOf({ inputs: stem.inputs, outputs: stem })
      const trunk = residual(residual(stem, 'one'), 'two')
      return modelOf({
        inputs,
        outputs: chain(trunk, layers.globalAveragePooling2d({}), dense('head')),
      })
    },
    ['stem/kernel', 'head/kernel'],
  ],
  'a way around all kernels but the last of a block, which ends the model': [
    () => {
      const x = image()
      return modelOf({ inputs: x, outputs: residual(through(conv('stem'), x), 'one') })
    },
    // The sum is made of the stem and of the projection.
    ['stem/kernel', 'one_project/kernel'],
  ],
  'a way from the input to the output': [
    () => {
      const x = image()
      const y = chain(x, conv('a'), conv('b'), conv('c', 2))
      return modelOf({ inputs: x, outputs: through(layers.add(), [x, y]) })
    },
    ['a/kernel', 'c/kernel'],
  ],
  'several inputs that meet': [
    () => {
      const [pixels, age] = [image(), input({ shape: [1] })]
      const features = chain(pixels, conv('pixels'), conv('middle'), layers.flatten())
      const both = through(layers.concatenate(), [features, age])
      return modelOf({ inputs: [pixels, age], outputs: chain(both, dense('both'), dense('out')) })
    },
    // The age reaches the kernel behind the concatenation through no other.
    ['pixels/kernel', 'both/kernel', 'out/kernel'],
  ],
  'several outputs, one from the middle': [
    () => {
      const x = image()
      const trunk = chain(x, conv('first'), conv('trunk'))
      const flat = through(layers.flatten(), trunk)
      const outputs = [
        through(dense('left'), flat),
        chain(flat, dense('right'), dense('deep')),
        flat,
      ]
      return modelOf({ inputs: x, outputs })
    },
    ['first/kernel', 'trunk/kernel', 'left/kernel', 'deep/kernel'],
  ],
  'a layer that is called first and in the middle': [
    () => {
      const [a, b] = [input({ shape: [4] }), input({ shape: [4] })]
      const shared = dense('shared', 4)
      const twice = through(shared, through(dense('other', 4), through(shared, a)))
      const sum = through(layers.add(), [twice, through(dense('second', 4), b)])
      return modelOf({ inputs: [a, b], outputs: through(dense('out'), sum) })
    },
    ['shared/kernel', 'second/kernel', 'out/kernel'],
  ],
  'models in models': [
    () => {
      const inner = sequential({ layers: [dense('a', 4, { inputShape: [4] }), dense('b', 4)] })
      const outer = sequential({ name: 'trunk', layers: [inner, dense('c', 4)] })
      inner.name = 'deep'
      const x = input({ shape: [4] })
      return modelOf({ inputs: x, outputs: chain(x, layers.reLU(), outer, dense('out')) })
    },
    ['trunk/deep/a/kernel', 'out/kernel'],
  ],
  'a model that is called twice, by inputs and in the middle, and ends the model': [
    () => {
      const twin = sequential({
        name: 'twin',
        layers: [dense('a', 4, { inputShape: [4] }), dense('b', 4)],
      })
      const x = input({ shape: [4] })
      const y = chain(x, twin, dense('between', 4))
      return modelOf({ inputs: x, outputs: through(twin, y) })
    },
    ['twin/a/kernel', 'twin/b/kernel'],
  ],
  'a bidirectional layer first': [
    () => {
      const layer = lstm('cells', { returnSequences: true }) as layers.RNN
      const both = layers.bidirectional({ name: 'both', layer, mergeMode: 'concat' })
      return simple(input({ shape: [5, 2] }), both, lstm('second'), dense('out'))
    },
    [
      'both/forward_cells/kernel',
      'both/forward_cells/recurrent_kernel',
      'both/backward_cells/kernel',
      'both/backward_cells/recurrent_kernel',
      'out/kernel',
    ],
  ],
  'an embedding, whose table is no end': [
    () => {
      const table = layers.embedding({ name: 'words', inputDim: 50, outputDim: 4 })
      return simple(input({ shape: [5] }), table, lstm('cells'), dense('middle'), dense('out'))
    },
    ['cells/kernel', 'cells/recurrent_kernel', 'out/kernel'],
  ],
  'an encoder and a decoder that starts in its state': [
    () => {
      const [told, asked] = [input({ shape: [4, 2] }), input({ shape: [4, 2] })]
      const encoder = lstm('encoder', { returnState: true })
      const [, ...states] = encoder.apply(told) as SymbolicTensor[]
      const decoded = lstm('decoder').apply(asked, { initialState: states } as never)
      const outputs = chain(decoded as SymbolicTensor, dense('middle'), dense('out'))
      return modelOf({ inputs: [told, asked], outputs })
    },
    [
      'encoder/kernel',
      'encoder/recurrent_kernel',
      'decoder/kernel',
      'decoder/recurrent_kernel',
      'out/kernel',
    ],
  ],
  'a separable convolution first and a depthwise one last': [
    () =>
      simple(
        image(),
        layers.separableConv2d({ name: 'separable', filters: 4, ...same }),
        conv('middle'),
        layers.depthwiseConv2d({ name: 'depthwise', ...same }),
        layers.globalMaxPooling2d({}),
      ),
    ['separable/depthwise_kernel', 'separable/pointwise_kernel', 'depthwise/depthwise_kernel'],
  ],
  'time-distributed layers and a time-distributed model': [
    () => {
      const inner = sequential({
        name: 'inner',
        layers: [dense('a', 4, { inputShape: [3] }), dense('b', 4)],
      })
      return simple(
        input({ shape: [5, 3] }),
        layers.timeDistributed({ name: 'each', layer: inner }),
        lstm('middle', { returnSequences: true }),
        layers.timeDistributed({ name: 'last', layer: dense('out') }),
      )
    },
    ['each/inner/a/kernel', 'last/out/kernel'],
  ],
  'transposed convolutions that end in an image': [
    () =>
      simple(
        image(),
        conv('down', 4, { strides: 2 }),
        layers.conv2dTranspose({ name: 'up', filters: 4, ...same, strides: 2 }),
        layers.prelu(),
        layers.conv2dTranspose({ name: 'pixels', filters: 2, ...same }),
        layers.activation({ activation: 'sigmoid' }),
      ),
    ['down/kernel', 'pixels/kernel'],
  ],
}

const sparedOf = (model: LayersModel, select: SelectionOptions = {}) =>
  resolveModel(model, select, true).spared

test.each(Object.entries(architectures))('the ends are found in %s', (_, [build, ends]) => {
  const model = build()
  const names = modelWeights(model).map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining(ends))
  expect(sparedOf(model)).toEqual(names.filter((name) => ends.includes(name)))
  expect(resolveModel(model).spared).toEqual([])
  model.dispose()
})

test('an end that is excluded or frozen is none, and the kernel behind it becomes none', () => {
  const model = sequential({
    layers: [dense('a', 5, { inputShape: [4] }), dense('b'), dense('c')],
  })
  expect(sparedOf(model, { exclude: 'a' })).toEqual(['c/kernel'])
  expect(sparedOf(model, { keepLastLayer: true })).toEqual(['a/kernel'])
  model.layers[0]!.trainable = false
  expect(sparedOf(model)).toEqual(['c/kernel'])
  expect(sparedOf(model, { frozen: true })).toEqual(['a/kernel', 'c/kernel'])
  model.dispose()
})

test('biases of the ends are pruned as others', () => {
  const model = sequential({ layers: [dense('a', 5, { inputShape: [4] }), dense('b')] })
  const { spared, prunable } = resolveModel(model, { biases: true }, true)
  expect(spared).toEqual(['a/kernel', 'b/kernel'])
  expect(prunable.map(({ minimumKept }) => minimumKept)).toEqual([20, 1, 15, 1])
  model.dispose()
})

test('an end keeps as much as its limits allow', () => {
  const model = sequential({ layers: [dense('a', 5, { inputShape: [4] }), dense('b')] })
  const limits = [{ include: 'a', maximumKept: 7 }]
  const { prunable } = resolveModel(model, { limits }, true)
  expect(prunable.map(({ minimumKept, maximumKept }) => [minimumKept, maximumKept])).toEqual([
    [7, 7],
    [15, 15],
  ])
  model.dispose()
})

test('the ends of MobileNetV2 are its first convolution and its classifier', async () => {
  const model = await loadMobileNetV2()
  expect(sparedOf(model, { frozen: true })).toEqual(['Conv1/kernel', 'dense_3/kernel'])
  // Its first blocks are stored frozen.
  expect(sparedOf(model)).toEqual(['dense_3/kernel'])
  model.dispose()
})

test('the ends of a new head on a frozen trunk are its last kernel, and the first of the trunk where it is pruned too', async () => {
  const base = await loadMobileNetV2()
  for (const layer of base.layers) layer.trainable = false
  const features = base.layers.at(-2)!.output as SymbolicTensor
  const outputs = chain(features, dense('hidden', 64), dense('head', 2))
  const model = modelOf({ inputs: base.inputs, outputs })
  expect(sparedOf(model)).toEqual(['head/kernel'])
  expect(sparedOf(model, { frozen: true })).toEqual(['Conv1/kernel', 'head/kernel'])
  model.dispose()
})
