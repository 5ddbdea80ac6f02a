import type { SymbolicTensor } from '@tensorflow/tfjs-layers'
import { input, type LayersModel, layers, model, sequential } from '@tensorflow/tfjs-layers'
import fc from 'fast-check'
import { through } from './through.js'
import { fillWeights } from './weights.js'

/** A model as plain data, so that a counterexample can be read. */
export interface ModelPlan {
  readonly input: keyof typeof SHAPES
  /** Names of the blocks between input and classifier. */
  readonly blocks: readonly string[]
  readonly width: number
  readonly seed: number
}

type Block = (x: SymbolicTensor, width: number) => SymbolicTensor

const SHAPES = {
  vector: [4],
  sequence: [4, 3],
  tokens: [4],
  image: [5, 5, 2],
  volume: [3, 3, 3, 2],
}
const last = (x: SymbolicTensor) => x.shape.at(-1)!
const sides = (x: SymbolicTensor) => x.shape.slice(1) as number[]
// tfjs-core alone has no chained operations, which the default orthogonal initializer needs.
const recurrent = { recurrentInitializer: 'glorotNormal' as const, returnSequences: true }
const same = { padding: 'same' as const }

const anywhere: Record<string, Block> = {
  dense: (x, units) => through(layers.dense({ units, activation: 'relu' }), x),
  batchNormalization: (x) => through(layers.batchNormalization(), x),
  sharedDense: (x) => {
    const twin = layers.dense({ units: last(x), useBias: false })
    return through(layers.add(), [through(twin, x), through(twin, through(twin, x))])
  },
  nested: (x, units) => {
    const first = layers.dense({ name: 'inner', units, inputShape: sides(x) })
    const deep = sequential({
      layers: [
        layers.dense({ name: 'inner', units: 3, inputShape: [...sides(x).slice(0, -1), units] }),
      ],
    })
    return through(sequential({ layers: [first, deep, layers.batchNormalization()] }), x)
  },
  // Names of their own, so that tfjs can load what it saves.
  nestedApart: (x, units) => {
    const inner = sequential({ layers: [layers.dense({ units, inputShape: sides(x) })] })
    return through(sequential({ layers: [inner, layers.dense({ units: 3 })] }), x)
  },
}

const sequence: Record<string, Block> = {
  ...anywhere,
  conv1d: (x, filters) => through(layers.conv1d({ filters, kernelSize: 2, ...same }), x),
  simpleRNN: (x, units) => through(layers.simpleRNN({ units, ...recurrent }), x),
  gru: (x, units) => through(layers.gru({ units, ...recurrent }), x),
  lstm: (x, units) => through(layers.lstm({ units, ...recurrent }), x),
  bidirectional: (x, units) => {
    const layer = layers.lstm({ units, ...recurrent }) as layers.RNN
    return through(layers.bidirectional({ layer, mergeMode: 'concat' }), x)
  },
  timeDistributed: (x, units) =>
    through(layers.timeDistributed({ layer: layers.dense({ units }) }), x),
}

const BLOCKS: Record<ModelPlan['input'], Record<string, Block>> = {
  vector: anywhere,
  sequence,
  tokens: sequence,
  image: {
    ...anywhere,
    conv2d: (x, filters) => through(layers.conv2d({ filters, kernelSize: 3, ...same }), x),
    depthwise: (x) =>
      through(layers.depthwiseConv2d({ kernelSize: 2, depthMultiplier: 2, ...same }), x),
    separable: (x, filters) =>
      through(layers.separableConv2d({ filters, kernelSize: 3, ...same }), x),
    transposed: (x, filters) =>
      through(layers.conv2dTranspose({ filters, kernelSize: 2, ...same }), x),
  },
  volume: {
    ...anywhere,
    conv3d: (x, filters) => through(layers.conv3d({ filters, kernelSize: 2, ...same }), x),
    transposed: (x, filters) =>
      through(layers.conv3dTranspose({ filters, kernelSize: 2, ...same }), x),
  },
}

/** Plans of models with one to four blocks of every prunable kind. */
export const modelPlans: fc.Arbitrary<ModelPlan> = fc
  .constantFrom(...(Object.keys(SHAPES) as ModelPlan['input'][]))
  .chain((kind) =>
    fc.record({
      input: fc.constant(kind),
      blocks: fc.array(fc.constantFrom(...Object.keys(BLOCKS[kind])), {
        minLength: 1,
        maxLength: 4,
      }),
      width: fc.integer({ min: 1, max: 5 }),
      seed: fc.nat(999),
    }),
  )

/** Builds the model of a plan with seeded weights, none of them 0. The caller disposes it. */
export function buildModel({ input: kind, blocks, width, seed }: ModelPlan): LayersModel {
  const inputs = input({ shape: SHAPES[kind] })
  let x =
    kind === 'tokens'
      ? through(layers.embedding({ inputDim: 5, outputDim: width }), inputs)
      : inputs
  for (const block of blocks) x = BLOCKS[kind][block]!(x, width)
  if (x.shape.length > 2) x = through(layers.flatten(), x)
  return fillWeights(model({ inputs, outputs: through(layers.dense({ units: 2 }), x) }), seed)
}

/** Builds the model of a plan, hands it over and disposes it afterwards. */
export async function withModel(
  plan: ModelPlan,
  use: (model: LayersModel) => unknown,
): Promise<void> {
  const built = buildModel(plan)
  try {
    await use(built)
  } finally {
    built.dispose()
  }
}
