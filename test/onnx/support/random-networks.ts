import {
  input,
  type LayersModel,
  layers,
  model,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers'
import fc from 'fast-check'
import { modelWeights } from '../../../src/internal/model-weights.js'
import { assignValues } from '../../../src/internal/weight-values.js'
import { through } from '../../support/through.js'
import { fillWeights, randomValues } from '../../support/weights.js'

/** A network as plain data, so that a counterexample can be read. */
export interface NetworkPlan {
  readonly input: keyof typeof SHAPES
  readonly blocks: readonly string[]
  readonly width: number
  readonly activation: (typeof ACTIVATIONS)[number]
  readonly seed: number
}

type Settings = Pick<NetworkPlan, 'width' | 'activation'>
type Block = (x: SymbolicTensor, settings: Settings) => SymbolicTensor

const SHAPES = { row: [6], image: [6, 5, 2], line: [7, 3], volume: [4, 3, 3, 2] }

const ACTIVATIONS = [
  ...(['linear', 'relu', 'relu6', 'elu', 'selu', 'sigmoid', 'hardSigmoid'] as const),
  ...(['softplus', 'softsign', 'tanh', 'swish', 'mish', 'softmax'] as const),
]

const of =
  (make: (settings: Settings) => layers.Layer): Block =>
  (x, settings) =>
    through(make(settings), x)

/** A block whose branches are merged. */
const branches =
  (merge: () => layers.Layer, count = 2): Block =>
  (x, { width }) => {
    const branch = () => through(layers.dense({ units: width }), x)
    return through(merge(), Array.from({ length: count }, branch))
  }

const anywhere: Record<string, Block> = {
  dense: of(({ width, activation }) => layers.dense({ units: width, activation })),
  activation: of(({ activation }) => layers.activation({ activation })),
  batchNormalization: of(() => layers.batchNormalization()),
  layerNormalization: of(() => layers.layerNormalization()),
  leakyReLU: of(() => layers.leakyReLU({ alpha: 0.2 })),
  prelu: of(() => layers.prelu()),
  elu: of(() => layers.elu()),
  thresholdedReLU: of(() => layers.thresholdedReLU({ theta: 0.3 })),
  softmax: of(() => layers.softmax({ axis: -1 })),
  dropout: of(() => layers.dropout({ rate: 0.5 })),
  add: branches(layers.add, 3),
  multiply: branches(layers.multiply),
  average: branches(layers.average),
  maximum: branches(layers.maximum, 3),
  minimum: branches(layers.minimum),
  concatenate: branches(layers.concatenate),
}

const steps = { strides: 2, padding: 'same' as const }

const image: Record<string, Block> = {
  ...anywhere,
  conv2d: of(({ width, activation }) =>
    layers.conv2d({ filters: width, kernelSize: 3, padding: 'same', activation }),
  ),
  strided: of(({ width }) => layers.conv2d({ filters: width, kernelSize: 2, ...steps })),
  dilated: of(({ width }) =>
    layers.conv2d({ filters: width, kernelSize: 2, dilationRate: 2, padding: 'same' }),
  ),
  depthwise: of(({ activation }) =>
    layers.depthwiseConv2d({ kernelSize: 2, depthMultiplier: 2, padding: 'same', activation }),
  ),
  separable: of(({ width }) =>
    layers.separableConv2d({ filters: width, kernelSize: 3, padding: 'same' }),
  ),
  transposed: of(({ width }) =>
    layers.conv2dTranspose({ filters: width, kernelSize: 3, ...steps }),
  ),
  maximumPool: of(() => layers.maxPooling2d({ poolSize: 2, ...steps })),
  averagePool: of(() => layers.averagePooling2d({ poolSize: 3, strides: 1, padding: 'same' })),
  padding: of(() =>
    layers.zeroPadding2d({
      padding: [
        [1, 0],
        [0, 2],
      ],
    }),
  ),
  cropping: (x, settings) =>
    Math.min(x.shape[1]!, x.shape[2]!) > 2
      ? of(() =>
          layers.cropping2D({
            cropping: [
              [0, 1],
              [1, 0],
            ],
          }),
        )(x, settings)
      : x,
  upSampling: of(() => layers.upSampling2d({ size: [1, 2] })),
  permute: of(() => layers.permute({ dims: [2, 1, 3] })),
}

// tfjs-core alone has no chained operations, which the default orthogonal initializer needs.
const recurrent = { recurrentInitializer: 'glorotNormal' as const, returnSequences: true }

const line: Record<string, Block> = {
  ...anywhere,
  simpleRNN: of(({ width }) => layers.simpleRNN({ units: width, ...recurrent })),
  gru: of(({ width }) => layers.gru({ units: width, ...recurrent })),
  lstm: of(({ width }) => layers.lstm({ units: width, ...recurrent })),
  bidirectional: of(({ width }) => {
    const layer = layers.lstm({ units: width, ...recurrent }) as layers.RNN
    return layers.bidirectional({ layer, mergeMode: 'concat' })
  }),
  timeDistributed: of(({ width, activation }) =>
    layers.timeDistributed({ layer: layers.dense({ units: width, activation }) }),
  ),
  conv1d: of(({ width, activation }) =>
    layers.conv1d({ filters: width, kernelSize: 3, padding: 'same', activation }),
  ),
  maximumPool: of(() => layers.maxPooling1d({ poolSize: 2, strides: 1, padding: 'same' })),
  averagePool: of(() => layers.averagePooling1d({ poolSize: 2, strides: 1, padding: 'same' })),
}

const volume: Record<string, Block> = {
  dense: anywhere.dense!,
  conv3d: of(({ width, activation }) =>
    layers.conv3d({ filters: width, kernelSize: 2, padding: 'same', activation }),
  ),
  add: anywhere.add!,
}

const BLOCKS: Record<NetworkPlan['input'], Record<string, Block>> = {
  row: anywhere,
  image,
  line,
  volume,
}

/** Plans of networks of one to five blocks. */
export const networkPlans: fc.Arbitrary<NetworkPlan> = fc
  .constantFrom<NetworkPlan['input']>('row', 'line', 'image', 'image', 'image', 'volume')
  .chain((kind) =>
    fc.record({
      input: fc.constant(kind),
      blocks: fc.array(fc.constantFrom(...Object.keys(BLOCKS[kind])), {
        ...{ minLength: 1, maxLength: 5 },
      }),
      width: fc.integer({ min: 1, max: 4 }),
      activation: fc.constantFrom(...ACTIVATIONS),
      seed: fc.nat(999),
    }),
  )

/** Builds the network of a plan with seeded weights. The caller disposes it. */
export function buildNetwork({ input: kind, blocks, seed, ...settings }: NetworkPlan): LayersModel {
  const inputs = input({ shape: SHAPES[kind], name: 'x' })
  const end = blocks.reduce<SymbolicTensor>((x, name) => BLOCKS[kind][name]!(x, settings), inputs)
  const flat = end.shape.length > 2 ? through(layers.flatten(), end) : end
  const outputs = [through(layers.dense({ units: 2, name: 'y' }), flat)]
  if (kind === 'image') outputs.push(through(layers.globalAveragePooling2d({}), end))
  const made = fillWeights(model({ inputs, outputs }), seed)
  // A variance below 0 has no root.
  for (const { role, variable } of modelWeights(made)) {
    if (role !== 'moving_variance') continue
    const values = randomValues(variable.size, seed)
    assignValues(
      variable,
      values.map((value) => Math.abs(value) + 0.1),
    )
  }
  return made
}
