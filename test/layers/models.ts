import { type Tensor, tensor } from '@tensorflow/tfjs-core'
import { input, type LayersModel, layers, model, sequential } from '@tensorflow/tfjs-layers'
import { modelWeights } from '../../src/internal/model-weights.js'
import { randomStream } from '../../src/internal/random.js'
import { assignValues } from '../../src/internal/weight-values.js'
import { createMask, type Mask } from '../../src/masks/mask.js'

/** Half of the elements, at random, of each weight whose role the test accepts. */
export function randomMask(
  source: LayersModel,
  isMasked = (role: string) => role !== 'bias',
  seed = 1,
): Mask {
  const random = randomStream(seed)
  const weights = modelWeights(source)
    .filter(({ role, owner }) => isMasked(role) && owner.trainable)
    .map(({ name, layer, role, shape, variable }) => {
      const values = Uint8Array.from({ length: variable.size }, () => random.below(2))
      return { name, layer, role, shape, values }
    })
  return createMask(weights, source.countParams())
}

/** Gives each weight seeded values in [-1, 1) without a zero. */
export function fillWeights<T extends LayersModel>(target: T, seed = 1): T {
  const random = randomStream(seed)
  for (const { variable } of modelWeights(target)) {
    assignValues(
      variable,
      Float32Array.from({ length: variable.size }, () => 2 * random.uniform() - 1 || 1),
    )
  }
  return target
}

/** Seeded values in [-1, 1). */
export function randomTensor(shape: number[], seed = 1): Tensor {
  const random = randomStream(seed)
  const size = shape.reduce((product, side) => product * side, 1)
  return tensor(
    Float32Array.from({ length: size }, () => 2 * random.uniform() - 1),
    shape,
  )
}

/** The 32 bits of each float, so that -0 is not +0. */
export function bitsOf(values: Tensor): number[] {
  return [...new Uint32Array((values.dataSync() as Float32Array).slice().buffer)]
}

/** Bits of a model's outputs, one list an output. */
export function outputBits(of: LayersModel, x: Tensor | Tensor[]): number[][] {
  const outputs = of.predict(x)
  const list = Array.isArray(outputs) ? outputs : [outputs]
  const bits = list.map(bitsOf)
  for (const output of list) output.dispose()
  return bits
}

/**
 * Bits of the values at pruned places, by weight: all 0 when nothing was revived and no -0 is
 * there.
 */
export function prunedBits(of: LayersModel, mask: Mask): Record<string, number[]> {
  const byName = new Map(modelWeights(of).map((weight) => [weight.name, weight.variable]))
  return Object.fromEntries(
    mask.weights.map(({ name, values }) => [
      name,
      bitsOf(byName.get(name)!).filter((_, i) => values[i] === 0),
    ]),
  )
}

/** The pruned places hold +0 and there are some. */
export function nothingRevived(of: LayersModel, mask: Mask): boolean {
  const bits = Object.values(prunedBits(of, mask)).flat()
  return (
    bits.length === mask.size - mask.kept && bits.length > 0 && bits.every((value) => value === 0)
  )
}

/**
 * One model a maskable layer: input shape without the batch, and the backends that have its
 * gradients.
 */
export interface LayerCase {
  readonly className: string
  readonly inputShape: number[]
  readonly trainsOn: readonly string[]
  /** Backends whose forward kernel is right. */
  readonly computesOn?: readonly string[]
  readonly build: () => LayersModel
}

const glorot = { recurrentInitializer: 'glorotNormal' as const }
const make = (layer: layers.Layer) => fillWeights(sequential({ layers: [layer] }))

export const layerCases: LayerCase[] = [
  {
    className: 'Dense',
    inputShape: [4],
    trainsOn: ['cpu', 'wasm'],
    build: () => make(layers.dense({ units: 3, activation: 'relu', inputShape: [4] })),
  },
  {
    className: 'Conv1D',
    inputShape: [6, 2],
    trainsOn: ['cpu'],
    build: () =>
      make(layers.conv1d({ filters: 3, kernelSize: 3, padding: 'same', inputShape: [6, 2] })),
  },
  {
    className: 'Conv2D',
    inputShape: [5, 5, 2],
    trainsOn: ['cpu'],
    build: () =>
      make(layers.conv2d({ filters: 3, kernelSize: 3, activation: 'relu', inputShape: [5, 5, 2] })),
  },
  {
    className: 'Conv3D',
    inputShape: [3, 3, 3, 2],
    trainsOn: ['cpu'],
    build: () => make(layers.conv3d({ filters: 2, kernelSize: 2, inputShape: [3, 3, 3, 2] })),
  },
  {
    className: 'Conv2DTranspose',
    inputShape: [3, 3, 2],
    trainsOn: ['cpu'],
    build: () =>
      make(
        layers.conv2dTranspose({ filters: 3, kernelSize: 2, strides: 2, inputShape: [3, 3, 2] }),
      ),
  },
  {
    className: 'Conv3DTranspose',
    inputShape: [2, 2, 2, 2],
    trainsOn: [], // tfjs has no gradient of it
    computesOn: ['cpu'], // on wasm equal inputs give other outputs from call to call
    build: () =>
      make(layers.conv3dTranspose({ filters: 2, kernelSize: 2, inputShape: [2, 2, 2, 2] })),
  },
  {
    className: 'DepthwiseConv2D',
    inputShape: [4, 4, 2],
    trainsOn: ['cpu'],
    build: () =>
      make(layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2, inputShape: [4, 4, 2] })),
  },
  {
    className: 'SeparableConv2D',
    inputShape: [4, 4, 2],
    trainsOn: ['cpu'],
    build: () => make(layers.separableConv2d({ filters: 3, kernelSize: 3, inputShape: [4, 4, 2] })),
  },
  {
    className: 'SimpleRNN',
    inputShape: [4, 3],
    trainsOn: ['cpu', 'wasm'],
    build: () =>
      make(layers.simpleRNN({ units: 3, returnSequences: true, inputShape: [4, 3], ...glorot })),
  },
  {
    className: 'GRU',
    inputShape: [4, 3],
    trainsOn: ['cpu', 'wasm'],
    build: () =>
      make(layers.gru({ units: 3, returnSequences: true, inputShape: [4, 3], ...glorot })),
  },
  {
    className: 'LSTM',
    inputShape: [4, 3],
    trainsOn: ['cpu', 'wasm'],
    build: () =>
      make(layers.lstm({ units: 3, returnSequences: true, inputShape: [4, 3], ...glorot })),
  },
  {
    className: 'ConvLSTM2D',
    inputShape: [2, 4, 4, 1],
    trainsOn: ['cpu'],
    build: () =>
      make(layers.convLstm2d({ filters: 2, kernelSize: 2, inputShape: [2, 4, 4, 1], ...glorot })),
  },
  {
    className: 'Embedding',
    inputShape: [3],
    trainsOn: ['cpu'],
    build: () => make(layers.embedding({ inputDim: 2, outputDim: 4, inputLength: 3 })),
  },
]

/** Nested and shared layers, a residual sum, two inputs, two outputs. */
export function tangledModel(): LayersModel {
  const encoder = sequential({
    name: 'encoder',
    layers: [
      layers.dense({ name: 'wide', units: 6, activation: 'tanh', inputShape: [4] }),
      layers.dense({ name: 'narrow', units: 4 }),
    ],
  })
  const left = input({ shape: [4], name: 'left' })
  const right = input({ shape: [4], name: 'right' })
  const twin = layers.dense({ name: 'twin', units: 4, activation: 'relu' })
  const join = (a: unknown, b: unknown) => layers.add().apply([a, b] as never)
  const seen = [left, right].map((x) => encoder.apply(twin.apply(x) as never))
  const residual = join(seen[0], left)
  const first = layers
    .dense({ name: 'first', units: 2, activation: 'softmax' })
    .apply(residual as never)
  const second = layers.dense({ name: 'second', units: 1 }).apply(join(residual, seen[1]) as never)
  return fillWeights(model({ inputs: [left, right], outputs: [first, second] as never }))
}
