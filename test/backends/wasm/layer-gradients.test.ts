import {
  add,
  grad,
  type Scalar,
  square,
  sum,
  type Tensor,
  tensor,
  util,
  type Variable,
  variableGrads,
} from '@tensorflow/tfjs-core'
import { layers, sequential } from '@tensorflow/tfjs-layers'
import { registerWasmGradients } from 'tfjs-prune/backends/wasm'
import { beforeAll, describe, expect, it } from 'vitest'
import { noise, wasmFromCpu } from './support.js'

type Layer = InstanceType<typeof layers.Layer>

const image = [9, 7, 4]
const sequence = [6, 5]
const volume = [4, 5, 4, 2]
const recurrent = { units: 3, recurrentInitializer: 'glorotNormal' } as const

/** A layer's name, the shape of its input and the layer. */
type Case = readonly [string, number[], () => Layer]

const cases: readonly Case[] = [
  ['dense', [5], () => layers.dense({ units: 3, activation: 'relu' })],
  ['dense over a sequence', sequence, () => layers.dense({ units: 3, activation: 'tanh' })],
  [
    'conv1d',
    sequence,
    () => layers.conv1d({ filters: 3, kernelSize: 3, strides: 2, padding: 'same' }),
  ],
  [
    'conv2d',
    image,
    () =>
      layers.conv2d({ filters: 3, kernelSize: 3, strides: 2, padding: 'same', activation: 'relu' }),
  ],
  [
    'conv2dTranspose',
    image,
    () => layers.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2, padding: 'same' }),
  ],
  [
    'conv3d',
    volume,
    () => layers.conv3d({ filters: 3, kernelSize: 2, strides: 2, padding: 'same' }),
  ],
  [
    'depthwiseConv2d',
    image,
    () =>
      layers.depthwiseConv2d({ kernelSize: 3, strides: 2, padding: 'same', depthMultiplier: 2 }),
  ],
  [
    'separableConv2d',
    image,
    () =>
      layers.separableConv2d({ filters: 6, kernelSize: 3, padding: 'same', depthMultiplier: 2 }),
  ],
  ['simpleRNN', sequence, () => layers.simpleRNN(recurrent)],
  ['lstm', sequence, () => layers.lstm({ ...recurrent, returnSequences: true })],
  ['gru', sequence, () => layers.gru(recurrent)],
  [
    'bidirectional',
    sequence,
    () => layers.bidirectional({ layer: layers.lstm(recurrent) as never, mergeMode: 'concat' }),
  ],
  [
    'convLstm2d',
    [3, 6, 6, 2],
    () => layers.convLstm2d({ filters: 2, kernelSize: 3, recurrentInitializer: 'glorotNormal' }),
  ],
  [
    'timeDistributed',
    [3, 6, 5, 2],
    () => layers.timeDistributed({ layer: layers.conv2d({ filters: 2, kernelSize: 3 }) }),
  ],
  ['batchNormalization', image, () => layers.batchNormalization()],
  ['layerNormalization', [5], () => layers.layerNormalization()],
  ['averagePooling1d', sequence, () => layers.averagePooling1d({ poolSize: 2 })],
  [
    'averagePooling2d',
    image,
    () => layers.averagePooling2d({ poolSize: [3, 2], strides: 2, padding: 'same' } as never),
  ],
  ['averagePooling3d', volume, () => layers.averagePooling3d({ poolSize: 2 } as never)],
  ['maxPooling1d', sequence, () => layers.maxPooling1d({ poolSize: 2 })],
  [
    'maxPooling2d',
    image,
    () => layers.maxPooling2d({ poolSize: 3, strides: 2, padding: 'same' } as never),
  ],
  ['maxPooling3d', volume, () => layers.maxPooling3d({ poolSize: 2 } as never)],
  ['globalAveragePooling2d', image, () => layers.globalAveragePooling2d({})],
  ['globalMaxPooling2d', image, () => layers.globalMaxPooling2d({})],
  ['zeroPadding2d', image, () => layers.zeroPadding2d({ padding: 2 } as never)],
  ['prelu', image, () => layers.prelu()],
  ['leakyReLU', image, () => layers.leakyReLU({ alpha: 0.1 })],
  ['elu', image, () => layers.elu()],
  ['reLU with a maximum', image, () => layers.reLU({ maxValue: 6 })],
  ...(
    [
      'relu6',
      'selu',
      'softplus',
      'softsign',
      'sigmoid',
      'hardSigmoid',
      'softmax',
      'swish',
      'mish',
    ] as const
  ).map((activation): Case => [activation, [5], () => layers.activation({ activation })]),
]

/**
 * Gradients of a layer's weights and of its input, for weights and inputs that are always the same.
 */
function gradientsOf(shape: number[], make: () => Layer): Tensor[] {
  const model = sequential({ layers: [layers.inputLayer({ inputShape: shape }), make()] })
  model.setWeights(
    model.weights.map((weight, index) =>
      positive(noise(weight.shape as number[], index + 2), weight.originalName),
    ),
  )
  const xs = noise([2, ...shape])
  const loss = (x: Tensor) =>
    sum(square(add(model.apply(x, { training: true }) as Tensor, 0.3))) as Scalar
  const variables = model.trainableWeights.map((weight) => weight.read() as Variable)
  const grads = variables.length > 0 ? variableGrads(() => loss(xs), variables).grads : {}
  const gradients = [...variables.map(({ name }) => grads[name]!), grad(loss)(xs)]
  model.dispose()
  return gradients
}

const positive = (values: Tensor, name: string): Tensor =>
  name.includes('variance')
    ? tensor(new Float32Array(util.sizeFromShape(values.shape)).fill(1), values.shape)
    : values

describe.runIf(process.env.TFJS_BACKEND === 'wasm')('layers on wasm', () => {
  beforeAll(() => void registerWasmGradients())

  it.each(cases)('%s has the gradients of the cpu backend', async (_, shape, make) => {
    expect(await wasmFromCpu(() => gradientsOf(shape, make))).toBeLessThan(1e-4)
  })
})
