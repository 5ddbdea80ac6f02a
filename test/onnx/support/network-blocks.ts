import { layers, type SymbolicTensor, sequential } from '@tensorflow/tfjs-layers'
import { sizeOf } from '../../../src/internal/size-of.js'
import { through } from '../../support/through.js'

/** The kind of a value between two blocks: its axes, and whether a mask goes with it. */
export type Kind = 'row' | 'tokens' | 'line' | 'masked' | 'image' | 'frames'

/** Settings that all blocks of a network share. */
export interface Settings {
  readonly width: number
  readonly activation: (typeof ACTIVATIONS)[number]
}

/** A few layers, and the kind of their outcome. */
export interface Block {
  readonly to: Kind
  readonly apply: (x: SymbolicTensor, settings: Settings) => SymbolicTensor
}

type Apply = Block['apply']
type Make = (settings: Settings) => layers.Layer

export const ACTIVATIONS = [
  ...(['linear', 'relu', 'relu6', 'elu', 'selu', 'sigmoid', 'hardSigmoid'] as const),
  ...(['softplus', 'softsign', 'tanh', 'swish', 'mish', 'softmax'] as const),
]

const of =
  (make: Make): Apply =>
  (x, settings) =>
    through(make(settings), x)

/** A block whose branches are merged. */
const branches =
  (merge: () => layers.Layer, count = 2): Apply =>
  (x, { width }) => {
    const branch = () => through(layers.dense({ units: width }), x)
    return through(merge(), Array.from({ length: count }, branch))
  }

/** One layer that is called twice. */
const shared: Apply = (x) => {
  const layer = layers.dense({ units: x.shape.at(-1)! })
  const first = through(layer, x)
  return through(layers.add(), [first, through(layer, first)])
}

/** A model within the model. */
const nested: Apply = (x, { width, activation }) => {
  const inputShape = x.shape.slice(1)
  const inner = [layers.dense({ units: width, inputShape }), layers.activation({ activation })]
  return through(sequential({ layers: inner }), x)
}

const anywhere: Record<string, Apply> = {
  dense: of(({ width, activation }) => layers.dense({ units: width, activation })),
  activation: of(({ activation }) => layers.activation({ activation })),
  batchNormalization: of(() => layers.batchNormalization()),
  layerNormalization: of(() => layers.layerNormalization()),
  reLU: of(() => layers.reLU({ maxValue: 1.5 })),
  leakyReLU: of(() => layers.leakyReLU({ alpha: 0.2 })),
  prelu: of(() => layers.prelu()),
  elu: of(() => layers.elu()),
  thresholdedReLU: of(() => layers.thresholdedReLU({ theta: 0.3 })),
  rescaling: of(() => layers.rescaling({ scale: 0.7, offset: -0.2 })),
  dropout: of(() => layers.dropout({ rate: 0.5 })),
  gaussianNoise: of(() => layers.gaussianNoise({ stddev: 0.5 })),
  gaussianDropout: of(() => layers.gaussianDropout({ rate: 0.5 })),
  alphaDropout: of(() => layers.alphaDropout({ rate: 0.5 })),
  add: branches(layers.add, 3),
  multiply: branches(layers.multiply),
  average: branches(layers.average),
  maximum: branches(layers.maximum, 3),
  minimum: branches(layers.minimum),
  concatenate: branches(layers.concatenate),
  ...{ shared, nested },
}

const softmax = of(() => layers.softmax({ axis: -1 }))

const row = { ...anywhere, softmax, dot: branches(() => layers.dot({ axes: 1 })) }

const steps = { strides: 2, padding: 'same' as const }
const padding = 'same' as const

const pixels = [
  [1, 0],
  [0, 2],
]
const images: Record<string, Apply> = {
  conv2d: of(({ width, activation }) =>
    layers.conv2d({ filters: width, kernelSize: 3, padding, activation }),
  ),
  strided: of(({ width }) => layers.conv2d({ filters: width, kernelSize: 2, ...steps })),
  dilated: of(({ width }) =>
    layers.conv2d({ filters: width, kernelSize: 2, dilationRate: 2, padding }),
  ),
  depthwise: of(({ activation }) =>
    layers.depthwiseConv2d({ kernelSize: 2, depthMultiplier: 2, padding, activation }),
  ),
  separable: of(({ width }) => layers.separableConv2d({ filters: width, kernelSize: 3, padding })),
  transposed: of(({ width }) =>
    layers.conv2dTranspose({ filters: width, kernelSize: 3, ...steps }),
  ),
  maximumPool: of(() => layers.maxPooling2d({ poolSize: 2, ...steps })),
  averagePool: of(() => layers.averagePooling2d({ poolSize: 3, strides: 1, padding })),
  padding: of(() => layers.zeroPadding2d({ padding: pixels as [[1, 0], [0, 2]] })),
  cropping: (x) => {
    const [height, width] = x.shape.slice(1) as [number, number]
    const least = (side: number) => Math.min(1, side - 1)
    const cropping: [[number, number], [number, number]] = [
      [0, least(height)],
      [least(width), 0],
    ]
    return through(layers.cropping2D({ cropping }), x)
  },
  centerCrop: (x) => {
    const [height, width] = x.shape.slice(1).map((side) => Math.ceil(side! / 2)) as [number, number]
    // tfjs writes the size of a crop over that of an input.
    return through(layers.centerCrop({ height, width }), through(layers.reLU(), x))
  },
  upSampling: of(() => layers.upSampling2d({ size: [1, 2] })),
  smoothUpSampling: of(() => layers.upSampling2d({ size: [2, 1], interpolation: 'bilinear' })),
  permute: of(() => layers.permute({ dims: [2, 1, 3] })),
}

// tfjs-core alone has no chained operations, which the default orthogonal initializer needs.
const start = { recurrentInitializer: 'glorotNormal' as const }
const sequence = { ...start, returnSequences: true }

/** Layers of a sequence that obey no mask. */
const unmasked: Record<string, Apply> = {
  ...anywhere,
  timeDistributed: of(({ width, activation }) =>
    layers.timeDistributed({ layer: layers.dense({ units: width, activation }) }),
  ),
  conv1d: of(({ width, activation }) =>
    layers.conv1d({ filters: width, kernelSize: 3, padding, activation }),
  ),
  maximumPool: of(() => layers.maxPooling1d({ poolSize: 2, strides: 1, padding })),
  averagePool: of(() => layers.averagePooling1d({ poolSize: 2, strides: 1, padding })),
  spatialDropout: of(() => layers.spatialDropout1d({ rate: 0.5 })),
  dot: branches(() => layers.dot({ axes: 2, normalize: true })),
}

const bidirectional = (mergeMode: 'concat' | 'sum' | 'ave' | 'mul', options: object) =>
  of(({ width }) => {
    const layer = layers.lstm({ units: width, ...start, ...options }) as layers.RNN
    return layers.bidirectional({ layer, mergeMode })
  })

const line: Record<string, Apply> = {
  ...{ ...unmasked, softmax },
  permute: of(() => layers.permute({ dims: [2, 1] })),
  simpleRNN: of(({ width }) => layers.simpleRNN({ units: width, ...sequence })),
  gru: of(({ width }) => layers.gru({ units: width, ...sequence })),
  lstm: of(({ width }) => layers.lstm({ units: width, ...sequence })),
  backwards: of(({ width }) => layers.gru({ units: width, ...sequence, goBackwards: true })),
  cell: of(({ width }) =>
    layers.rnn({ cell: layers.gruCell({ units: width, ...start }), returnSequences: true }),
  ),
  stackedCells: of(({ width }) => {
    const cell = [
      layers.gruCell({ units: width, ...start }),
      layers.lstmCell({ units: 2, ...start }),
    ]
    return layers.rnn({ cell, returnSequences: true })
  }),
  bidirectional: bidirectional('concat', { returnSequences: true }),
  bidirectionalSum: bidirectional('sum', { returnSequences: true }),
}

const memory = ({ width, activation }: Settings, returnSequences: boolean) =>
  layers.convLstm2d({
    ...{ filters: width, kernelSize: 2, padding, activation, returnSequences },
    ...start,
  })

const frames: Record<string, Apply> = {
  ...{ dense: anywhere.dense!, add: anywhere.add!, reLU: anywhere.reLU! },
  conv3d: of(({ width, activation }) =>
    layers.conv3d({ filters: width, kernelSize: 2, padding, activation }),
  ),
  transposed: of(({ width }) =>
    layers.conv3dTranspose({ filters: width, kernelSize: 2, strides: 1, padding }),
  ),
  maximumPool: of(() => layers.maxPooling3d({ poolSize: 2, strides: 1, padding })),
  averagePool: of(() => layers.averagePooling3d({ poolSize: 2, strides: 1, padding })),
  convLstm: of((settings) => memory(settings, true)),
  timeDistributedModel: (x, { width, activation }) => {
    const inputShape = x.shape.slice(2)
    const conv2d = layers.conv2d({ filters: width, kernelSize: 2, padding, inputShape })
    const layer = sequential({ layers: [conv2d, layers.activation({ activation })] })
    return through(layers.timeDistributed({ layer }), x)
  },
  timeDistributed: of(({ width, activation }) => {
    const layer = layers.conv2d({ filters: width, kernelSize: 2, padding, activation })
    return layers.timeDistributed({ layer })
  }),
}

const to = (kind: Kind, blocks: Readonly<Record<string, Apply>>): Record<string, Block> =>
  Object.fromEntries(Object.entries(blocks).map(([name, apply]) => [name, { to: kind, apply }]))

const flatten = of(() => layers.flatten())

/** Rows, or all pixels, as steps of one or of all channels. */
const reshape: Apply = (x) => {
  const sample = x.shape.slice(1) as number[]
  const channels = sample.length === 1 ? 1 : sample.at(-1)!
  return through(layers.reshape({ targetShape: [sizeOf(sample) / channels, channels] }), x)
}

/** All blocks that may follow on a kind, by name. */
export const BLOCKS: Readonly<Record<Kind, Readonly<Record<string, Block>>>> = {
  tokens: {
    ...to('line', {
      embedding: of(({ width }) => layers.embedding({ inputDim: 5, outputDim: width })),
    }),
    ...to('row', {
      marks: of(() => layers.categoryEncoding({ numTokens: 5, outputMode: 'multiHot' })),
      counts: of(() => layers.categoryEncoding({ numTokens: 5, outputMode: 'count' })),
    }),
  },
  row: {
    ...to('row', row),
    ...to('line', { repeatVector: of(() => layers.repeatVector({ n: 3 })), reshape }),
  },
  line: {
    ...to('line', line),
    ...to('row', {
      last: of(({ width }) => layers.lstm({ units: width, ...start })),
      bidirectionalLast: bidirectional('mul', {}),
      globalMaximum: of(() => layers.globalMaxPooling1d({})),
      globalAverage: of(() => layers.globalAveragePooling1d({})),
      flatten,
    }),
  },
  masked: to('masked', { ...unmasked, masking: of(() => layers.masking({ maskValue: 0 })) }),
  image: {
    ...to('image', { ...anywhere, softmax, ...images }),
    ...to('line', { reshape }),
    ...to('row', {
      globalMaximum: of(() => layers.globalMaxPooling2d({})),
      flatten,
    }),
  },
  frames: {
    ...to('frames', frames),
    ...to('image', { convLstmLast: of((settings) => memory(settings, false)) }),
    ...to('line', {
      flattened: of(() => layers.timeDistributed({ layer: layers.flatten() })),
    }),
  },
}
