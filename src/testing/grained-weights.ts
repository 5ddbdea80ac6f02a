import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import type { Grains, Granularity } from '../granularity/granularity.js'
import { modelWeights } from '../internal/model-weights.js'
import { type RandomStream, randomStream } from '../internal/random.js'
import { assignValues } from '../internal/weight-values.js'
import type { WeightPlace } from '../types.js'
import { randomValues } from './random-values.js'

// Class, role, and number of axes.
const KINDS: readonly (readonly [className: string, role: string, rank: number])[] = [
  ['Dense', 'kernel', 2],
  ['Dense', 'bias', 1],
  ['Conv1D', 'kernel', 3],
  ['Conv2D', 'kernel', 4],
  ['Conv2DTranspose', 'kernel', 4],
  ['DepthwiseConv2D', 'depthwise_kernel', 4],
  ['SeparableConv2D', 'pointwise_kernel', 4],
  ['Embedding', 'embeddings', 2],
  ['SimpleRNN', 'recurrent_kernel', 2],
  ['LSTM', 'kernel', 2],
  ['A class of a user', 'kernel', 3],
]

/** Ten weights of each kind, their sides 1 to 5, or 4 to 20 where four gates share the last one. */
export function grainedWeights({ below }: RandomStream): WeightPlace[] {
  return Array.from({ length: 10 * KINDS.length }, (_, i) => {
    const [className, role, rank] = KINDS[i % KINDS.length]!
    const shape = Array.from({ length: rank }, () => 1 + below(5))
    if (className === 'LSTM') shape[1]! *= 4
    return { name: `layer_${i}/${role}`, layer: `layer_${i}`, role, className, shape }
  })
}

/** The groups of a weight; undefined where the granularity refuses it. */
export function grainsOf({ grains }: Granularity, weight: WeightPlace): Grains | undefined {
  try {
    return grains(weight)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** Calls `check` with each weight that is not refused, its groups and a stream of numbers. */
export function onGrains(
  make: () => Granularity,
  check: (grains: Grains, random: RandomStream, weight: WeightPlace) => void,
): void {
  const random = randomStream(1)
  for (const weight of grainedWeights(random)) {
    const grains = grainsOf(make(), weight)
    if (grains) check(grains, random, weight)
  }
}

/** Recurrent layers of 4 cells, one of them in both directions, with seeded values. */
export function smallRecurrent(): LayersModel {
  const recurrentInitializer = 'glorotNormal'
  const options = { units: 4, recurrentInitializer, returnSequences: true } as const
  const model = sequential({
    layers: [
      layers.lstm({ ...options, name: 'first', inputShape: [2, 3] }),
      layers.bidirectional({
        ...{ name: 'both', mergeMode: 'concat' },
        layer: layers.gru({ ...options, name: 'gru' }) as layers.RNN,
      }),
    ],
  })
  return seeded(model)
}

/**
 * Convolution `conv` 3 x 3 x 4-6, dense `hidden` 6-8 and `out` 8-3 with seeded values, none of them
 * 0.
 */
export function smallConvolution(): LayersModel {
  const model = sequential({
    layers: [
      layers.conv2d({ name: 'conv', filters: 6, kernelSize: 3, inputShape: [3, 3, 4] }),
      layers.flatten(),
      layers.dense({ name: 'hidden', units: 8 }),
      layers.dense({ name: 'out', units: 3 }),
    ],
  })
  return seeded(model)
}

function seeded(model: LayersModel): LayersModel {
  modelWeights(model).forEach(({ variable }, i) => {
    assignValues(variable, randomValues(variable.size, 1 + i))
  })
  return model
}
