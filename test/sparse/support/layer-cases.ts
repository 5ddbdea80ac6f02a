import { layers } from '@tensorflow/tfjs-layers'

import { conv1d, conv2d, convolutions, depthwise, type LayerCase } from './convolution-cases.js'

export type { LayerCase }

const image = [6, 7, 3]
const sequence = [7, 3]
const same = { padding: 'same' } as const

const pools: LayerCase[] = (['maxPooling2d', 'averagePooling2d'] as const).flatMap((kind) => [
  [kind, image, () => [layers[kind]({})]],
  [`${kind} same`, image, () => [layers[kind]({ poolSize: 3, strides: 2, ...same })]],
  [`${kind} overlap`, image, () => [layers[kind]({ poolSize: [2, 3], strides: 1 })]],
  [`${kind} overlap same`, image, () => [layers[kind]({ poolSize: 3, strides: [1, 2], ...same })]],
])

const pools1d: LayerCase[] = (['maxPooling1d', 'averagePooling1d'] as const).flatMap((kind) => [
  [kind, sequence, () => [layers[kind]({})]],
  [`${kind} same`, sequence, () => [layers[kind]({ poolSize: 3, strides: 2, ...same })]],
])

const globalPools: LayerCase[] = [
  ['globalMaxPooling1d', sequence, () => [layers.globalMaxPooling1d({})]],
  ['globalAveragePooling1d', sequence, () => [layers.globalAveragePooling1d({})]],
  ['globalMaxPooling2d', image, () => [layers.globalMaxPooling2d({})]],
  ['globalAveragePooling2d', image, () => [layers.globalAveragePooling2d({})]],
]

const activations = [
  'elu',
  'hardSigmoid',
  'linear',
  'relu',
  'relu6',
  'selu',
  'sigmoid',
  'softmax',
  'softplus',
  'softsign',
  'tanh',
  'swish',
  'mish',
  'gelu',
  'logSoftmax',
] as const

const named = (activation: (typeof activations)[number]) => activation as 'relu'

const elementwise: LayerCase[] = [
  ...activations.map(
    (name): LayerCase => [
      `activation ${name}`,
      [5],
      () => [layers.activation({ activation: named(name) })],
    ],
  ),
  ...activations.map(
    (name): LayerCase => [
      `dense ${name}`,
      [5],
      () => [layers.dense({ units: 4, activation: named(name) })],
    ],
  ),
  ['relu layer', [5], () => [layers.reLU()]],
  ['relu layer with a maximum', [5], () => [layers.reLU({ maxValue: 0.5 })]],
  [
    'dense, then relu with a maximum',
    [5],
    () => [layers.dense({ units: 3 }), layers.reLU({ maxValue: 1 })],
  ],
  ['leakyReLU', image, () => [layers.leakyReLU({ alpha: 0.2 })]],
  ['leakyReLU by default', image, () => [layers.leakyReLU()]],
  ['elu layer', [5], () => [layers.elu()]],
  ['thresholdedReLU', [5], () => [layers.thresholdedReLU({ theta: 0.3 })]],
  ['softmax layer', [5], () => [layers.softmax()]],
  ['softmax layer of the last axis', sequence, () => [layers.softmax({ axis: -1 })]],
  ['prelu', image, () => [layers.prelu({})]],
  ['prelu shared', image, () => [layers.prelu({ sharedAxes: [1, 2] })]],
  ['prelu shared over one axis', image, () => [layers.prelu({ sharedAxes: [2] })]],
]

const norms: LayerCase[] = [
  ['batchNormalization alone', image, () => [layers.batchNormalization({})]],
  ['batchNormalization of a vector', [5], () => [layers.batchNormalization({ scale: false })]],
  ['folded', image, () => [conv2d({}), layers.batchNormalization({})]],
  ['folded without bias', image, () => [conv2d({ useBias: false }), layers.batchNormalization({})]],
  ['folded, then relu', image, () => [conv2d(same), layers.batchNormalization({}), layers.reLU()]],
  ['folded into a sequence', sequence, () => [conv1d({}), layers.batchNormalization({})]],
  [
    'not folded behind relu',
    image,
    () => [conv2d({ activation: 'relu' }), layers.batchNormalization({})],
  ],
  [
    'folded into depthwise',
    image,
    () => [depthwise({}), layers.batchNormalization({ center: false })],
  ],
  [
    'folded into dense',
    [5],
    () => [layers.dense({ units: 4 }), layers.batchNormalization({ epsilon: 0.1 })],
  ],
  [
    'two norms',
    [5],
    () => [
      layers.dense({ units: 4 }),
      layers.batchNormalization({}),
      layers.batchNormalization({}),
    ],
  ],
  [
    'not folded past flatten',
    image,
    () => [conv2d({}), layers.flatten(), layers.batchNormalization({})],
  ],
  ['layerNormalization', image, () => [layers.layerNormalization({})]],
  [
    'layerNormalization without shift',
    [5],
    () => [layers.layerNormalization({ center: false, epsilon: 0.1 })],
  ],
  ['rescaling', image, () => [layers.rescaling({ scale: 0.5, offset: 3 })]],
]

const places: LayerCase[] = [
  ['flatten', image, () => [layers.flatten(), layers.dense({ units: 3 })]],
  ['reshape', image, () => [layers.reshape({ targetShape: [7, 18] })]],
  ['reshape with an open side', image, () => [layers.reshape({ targetShape: [9, -1] })]],
  ['permute', image, () => [layers.permute({ dims: [3, 1, 2] })]],
  ['zeroPadding2d', image, () => [layers.zeroPadding2d({})]],
  [
    'zeroPadding2d of each side',
    image,
    () => [
      layers.zeroPadding2d({
        padding: [
          [0, 1],
          [2, 3],
        ],
      }),
    ],
  ],
  [
    'cropping2d',
    image,
    () => [
      layers.cropping2D({
        cropping: [
          [0, 1],
          [2, 3],
        ],
      }),
    ],
  ],
  ['cropping2d of each axis', image, () => [layers.cropping2D({ cropping: [1, 2] as never })]],
  ['upSampling2d', image, () => [layers.upSampling2d({ size: [2, 3] })]],
  ['repeatVector', [5], () => [layers.repeatVector({ n: 3 })]],
  ['dropout', [5], () => [layers.dropout({ rate: 0.5 }), layers.dense({ units: 2 })]],
  [
    'noise',
    [5],
    () => [layers.gaussianNoise({ stddev: 1 }), layers.gaussianDropout({ rate: 0.5 })],
  ],
  ['alphaDropout', [5], () => [layers.dense({ units: 2 }), layers.alphaDropout({ rate: 0.5 })]],
  ['spatialDropout1d', sequence, () => [layers.spatialDropout1d({ rate: 0.5 })]],
]

const wrapped: LayerCase[] = [
  ['dense without bias', [5], () => [layers.dense({ units: 4, useBias: false })]],
  ['dense along images', image, () => [layers.dense({ units: 4, activation: 'softmax' })]],
  [
    'timeDistributed',
    sequence,
    () => [layers.timeDistributed({ layer: layers.dense({ units: 4, activation: 'relu' }) })],
  ],
]

/**
 * What the wasm backend of tfjs 4.22 computes otherwise than the cpu backend: a padded convolution
 * whose strides go beyond its window gives zeros, and an alpha that is shared over an axis in the
 * middle is read in the wrong order.
 */
export const wrongOnWasm: readonly string[] = [
  'conv2d strides beyond window',
  'conv2d with as many places as the image, not the same ones',
  'prelu shared over one axis',
]

export const layerCases: readonly LayerCase[] = [
  ...convolutions,
  ...pools,
  ...pools1d,
  ...globalPools,
  ...elementwise,
  ...norms,
  ...places,
  ...wrapped,
]
