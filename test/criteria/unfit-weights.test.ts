import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import { describe, expect, test, vi } from 'vitest'
import { averagePercentageOfZeros } from '../../src/criteria/average-percentage-of-zeros.js'
import { batchNormScale } from '../../src/criteria/batch-norm-scale.js'
import { layerwiseObs } from '../../src/criteria/layerwise-obs.js'
import { synFlow } from '../../src/criteria/syn-flow.js'
import { wanda } from '../../src/criteria/wanda.js'
import { prune } from '../../src/prune.js'
import { fineTune } from '../../src/rewind/fine-tune.js'
import { densityList } from '../../src/schedules/density-list.js'
import { computeMask } from '../../src/step/compute-mask.js'
import type { Criterion, ScoringSamples } from '../../src/types.js'
import { lateRefusalOf } from '../support/refusal-of.js'

// The default one needs the chained operations of tfjs.
const recurrentInitializer = 'glorotUniform'
const out = () => layers.dense({ name: 'out', units: 2 })
const chain = (...parts: layers.Layer[]) => sequential({ layers: [...parts, out()] })

const image = (sides: [number | null, number | null]) =>
  chain(
    layers.conv2d({ name: 'conv', filters: 2, kernelSize: 3, inputShape: [...sides, 3] }),
    layers.globalAveragePooling2d({ dataFormat: 'channelsLast' }),
  )
const words = () =>
  chain(
    layers.embedding({ name: 'words', inputDim: 9, outputDim: 4, inputLength: 3 }),
    layers.flatten(),
  )
const steps = (layer: layers.Layer, time: number | null = 3) =>
  sequential({ layers: [layers.inputLayer({ inputShape: [time, 2] }), layer, out()] })
const lstm = () => steps(layers.lstm({ name: 'lstm', units: 2, recurrentInitializer }))
const deep = () =>
  chain(
    layers.depthwiseConv2d({ name: 'deep', kernelSize: 2, inputShape: [3, 3, 1] }),
    layers.flatten(),
  )
const both = () => {
  const layer = layers.simpleRNN({ name: 'rnn', units: 2, recurrentInitializer }) as never
  return steps(layers.bidirectional({ layer, mergeMode: 'concat', name: 'both' }))
}
const softmax = () =>
  sequential({ layers: [layers.dense({ units: 2, inputShape: [4], activation: 'softmax' })] })

const zeros = (shape: number[]): unknown =>
  shape.length === 0 ? 0 : Array.from({ length: shape[0]! }, () => zeros(shape.slice(1)))
/** Two samples that fit the model. */
const samplesOf = ({ inputs }: LayersModel) =>
  ({ xs: zeros([2, ...inputs[0]!.shape.slice(1).map((side) => side ?? 4)]), ys: [0, 1] }) as never

describe.each<[string, () => LayersModel, () => Criterion, RegExp]>([
  [
    'synFlow of open sides',
    () => image([null, null]),
    synFlow,
    /flow: expected inputs whose sides are given, but for the samples, got \[null, null, null, 3\]: build/,
  ],
  [
    'synFlow of open time',
    () => steps(layers.simpleRNN({ units: 2, recurrentInitializer }), null),
    synFlow,
    /expected inputs whose sides .+ got \[null, null, 2\]/,
  ],
  [
    'synFlow of a table',
    words,
    synFlow,
    /flow of words\/embeddings: expected a weight that inputs .+, got a table: leave/,
  ],
  ['synFlow of a softmax', softmax, synFlow, /puts out logits, got one that ends in a softmax/],
  [
    'wanda of a recurrent kernel',
    lstm,
    wanda,
    /inputNorm of lstm\/recurrent_kernel: expected a layer whose inputs/,
  ],
  [
    'layerwiseObs of a recurrent kernel',
    lstm,
    layerwiseObs,
    /inputProducts of lstm\/recurrent_kernel: expected/,
  ],
  [
    'layerwiseObs of a depthwise kernel',
    deep,
    layerwiseObs,
    /inputProducts of deep\/depthwise_kernel: expected/,
  ],
  [
    'batchNormScale without a norm',
    deep,
    batchNormScale,
    /batchNormScale of deep\/depthwise_kernel: expected a batch/,
  ],
  [
    'averagePercentageOfZeros of gates',
    lstm,
    averagePercentageOfZeros,
    /zeroShare of lstm\/kernel: expected a layer with 8 outputs as the weight has units, got 2/,
  ],
  [
    'averagePercentageOfZeros of two directions',
    both,
    averagePercentageOfZeros,
    /got those of both directions/,
  ],
])('%s', (name, make, criterion, message) => {
  test(`${name} is refused by computeMask`, async () => {
    const model = make()
    const options = { density: 0.5, criterion: criterion(), samples: samplesOf(model) }
    expect(await lateRefusalOf(() => computeMask(model, options))).toMatch(message)
  })

  test(`${name} is refused by prune before the dense round`, async () => {
    const model = make()
    const train = vi.fn(async () => ({}))
    const rewind = fineTune()
    const pieces = { rewind, criterion: criterion(), samples: samplesOf(model) as ScoringSamples }
    const run = () =>
      prune(model, {
        ...pieces,
        ...{ train, evaluate: () => ({ falseNegatives: 0 }), schedule: densityList([1, 0.5]) },
      })
    expect(await lateRefusalOf(run)).toMatch(message)
    expect(train).not.toHaveBeenCalled()
  })
})

test('synFlow takes a model whose sides are given', async () => {
  const model = sequential({ layers: [layers.dense({ units: 4, inputShape: [3, 5] }), out()] })
  expect((await computeMask(model, { density: 0.5, criterion: synFlow() })).kept).toBe(14)
})

test.each(['output', 'layer'] as const)(
  'wanda over its %s refuses inputs whose squares are not finite, and ranks none of them',
  async (compare) => {
    for (const before of [[], [layers.conv1d({ filters: 2, kernelSize: 2, padding: 'same' })]]) {
      const model = sequential({
        layers: [
          layers.reshape({ targetShape: [3, 1], inputShape: [3] }),
          ...before,
          layers.flatten(),
          out(),
        ],
      })
      const samples = {
        xs: [
          [1, 1e30, 2],
          [2, 1, 1e30],
        ],
        ys: [0, 1],
      }
      const work = () =>
        computeMask(model, { density: 0.5, criterion: wanda({ compare }), samples })
      expect(await lateRefusalOf(work)).toMatch(
        /^RangeError: Cannot score .+\/kernel: expected finite scores, got (Infinity|NaN) at index/,
      )
      model.dispose()
    }
  },
)
