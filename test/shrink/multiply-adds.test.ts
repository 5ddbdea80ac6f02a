import {
  input,
  type LayersModel,
  layers,
  model as modelOf,
  type SymbolicTensor,
  sequential,
} from '@tensorflow/tfjs-layers'
import { describe, expect, it } from 'vitest'
import { withMasks } from '../../src/layers/with-masks.js'
import { multiplyAdds } from '../../src/shrink/multiply-adds.js'
import { lateRefusalOf } from '../support/refusal-of.js'
import { fillWeights } from '../support/weights.js'
import { dropping, setWeights } from './support.js'

const one = (layer: layers.Layer) => fillWeights(sequential({ layers: [layer] }))
const recurrent = { recurrentInitializer: 'glorotNormal' as const }

interface Case {
  readonly what: string
  readonly model: () => LayersModel
  readonly dense: number
}

const cases: Case[] = [
  {
    what: 'a dense layer: 4 inputs, 3 units',
    model: () => one(layers.dense({ units: 3, inputShape: [4] })),
    dense: 12,
  },
  {
    what: 'a dense layer on 5 steps',
    model: () => one(layers.dense({ units: 3, inputShape: [5, 4] })),
    dense: 5 * 12,
  },
  {
    what: 'a convolution in steps of 2: 3x3 places, 3x3x2x4 weights',
    model: () =>
      one(layers.conv2d({ filters: 4, kernelSize: 3, strides: 2, inputShape: [7, 7, 2] })),
    dense: 9 * 72,
  },
  {
    what: 'a padded convolution: 7x7 places',
    model: () =>
      one(layers.conv2d({ filters: 4, kernelSize: 3, padding: 'same', inputShape: [7, 7, 2] })),
    dense: 49 * 72,
  },
  {
    what: 'a convolution whose channels come first: 5x6 places',
    model: () =>
      one(
        layers.conv2d({
          filters: 4,
          kernelSize: 3,
          dataFormat: 'channelsFirst',
          inputShape: [2, 7, 8],
        }),
      ),
    dense: 30 * 72,
  },
  {
    what: 'a convolution along 8 places',
    model: () => one(layers.conv1d({ filters: 4, kernelSize: 3, inputShape: [10, 2] })),
    dense: 8 * 24,
  },
  {
    what: 'a convolution in 8 places of a volume',
    model: () => one(layers.conv3d({ filters: 2, kernelSize: 2, inputShape: [3, 3, 3, 1] })),
    dense: 8 * 16,
  },
  {
    what: 'a transposed convolution: 9 places of the input',
    model: () =>
      one(layers.conv2dTranspose({ filters: 4, kernelSize: 2, strides: 2, inputShape: [3, 3, 5] })),
    dense: 9 * 80,
  },
  {
    what: 'a depthwise convolution: 4 places, 3x3x2x2 weights',
    model: () =>
      one(layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2, inputShape: [4, 4, 2] })),
    dense: 4 * 36,
  },
  {
    what: 'a separable convolution: 4 places, 3x3x2 and 2x5 weights',
    model: () => one(layers.separableConv2d({ filters: 5, kernelSize: 3, inputShape: [4, 4, 2] })),
    dense: 4 * (18 + 10),
  },
  {
    what: 'an LSTM: 6 steps of 2x12 and 3x12 weights',
    model: () => one(layers.lstm({ units: 3, inputShape: [6, 2], ...recurrent })),
    dense: 6 * (24 + 36),
  },
  {
    what: 'both directions of a GRU that returns sequences: 6 steps of 2x9 and 3x9 weights each',
    model: () => {
      const layer = layers.gru({ units: 3, returnSequences: true, ...recurrent }) as layers.RNN
      return one(layers.bidirectional({ layer, mergeMode: 'concat', inputShape: [6, 2] }))
    },
    dense: 2 * 6 * (18 + 27),
  },
  {
    what: 'a convolutional LSTM: 2 steps, 9 places, 2x2x1x8 and 2x2x2x8 weights',
    model: () =>
      one(layers.convLstm2d({ filters: 2, kernelSize: 2, inputShape: [2, 4, 4, 1], ...recurrent })),
    dense: 2 * 9 * (32 + 64),
  },
  {
    what: 'a layer that is wrapped for 5 steps',
    model: () =>
      one(layers.timeDistributed({ layer: layers.dense({ units: 3 }), inputShape: [5, 4] })),
    dense: 5 * 12,
  },
  {
    what: 'a model that is wrapped for 5 steps',
    model: () => {
      const layer = sequential({
        layers: [layers.dense({ units: 3, inputShape: [4] }), layers.dense({ units: 2 })],
      })
      return one(layers.timeDistributed({ layer: layer as never, inputShape: [5, 4] }))
    },
    dense: 5 * (12 + 6),
  },
  {
    what: 'an embedding and norms: nothing',
    model: () =>
      fillWeights(
        sequential({
          layers: [
            layers.embedding({ inputDim: 9, outputDim: 4, inputLength: 3 }),
            layers.batchNormalization(),
          ],
        }),
      ),
    dense: 0,
  },
]

describe('multiplyAdds', () => {
  it.each(cases)('multiplyAdds counts $what', async ({ model, dense }) => {
    const counted = await multiplyAdds(model())
    expect([counted.dense, counted.nonZero]).toEqual([dense, dense])
  })

  it('multiplyAdds counts each call of a shared layer and of a nested model', async () => {
    const x = input({ shape: [3] })
    const twin = layers.dense({ name: 'twin', units: 3 })
    const nested = sequential({
      name: 'nested',
      layers: [layers.dense({ name: 'deep', units: 3, inputShape: [3] })],
    })
    const twice = (layer: layers.Layer, y: unknown) =>
      layer.apply(layer.apply(y as never) as never) as SymbolicTensor
    const model = fillWeights(
      modelOf({ inputs: x, outputs: twice(nested as never, twice(twin, x)) }),
    )
    const { dense, layers: counted } = await multiplyAdds(model)
    expect(dense).toBe(36)
    expect(counted).toEqual([
      { layer: 'twin', dense: 18, nonZero: 18 },
      { layer: 'nested/deep', dense: 18, nonZero: 18 },
    ])
  })

  it('multiplyAdds takes masked weights, zeros and both together for 0', async () => {
    const build = () =>
      one(layers.conv2d({ name: 'conv', filters: 2, kernelSize: 1, inputShape: [3, 3, 2] }))
    const model = setWeights(build(), { 'conv/kernel': [1, 0, 3, 4] })
    expect(await multiplyAdds(model)).toMatchObject({ dense: 36, nonZero: 27 })
    const mask = dropping(model, { 'conv/kernel': { axis: 2, drop: [1] } })
    expect(await multiplyAdds(model, { mask })).toMatchObject({ dense: 36, nonZero: 9 })
    expect(await multiplyAdds(withMasks(build(), mask))).toMatchObject({ dense: 36, nonZero: 18 })
  })

  it('multiplyAdds wants shapes where a side is open, and takes them', async () => {
    const model = one(layers.conv1d({ filters: 4, kernelSize: 3, inputShape: [null as never, 2] }))
    expect(await lateRefusalOf(() => multiplyAdds(model))).toMatch(
      /^RangeError: Cannot count multiply-adds: expected a shape \[any, 2\] for the input \w+ in the option shapes, got none$/,
    )
    expect(await multiplyAdds(model, { shapes: [[10, 2]] })).toMatchObject({
      dense: 8 * 24,
    })
    expect(await lateRefusalOf(() => multiplyAdds(model, { shapes: [[10, 3]] }))).toMatch(
      /^TypeError: .*got \[10, 3\]$/,
    )
    for (const [shapes, got] of [
      [[], /^TypeError: .*1 inputs, got 0$/],
      [null, /^TypeError: .*1 inputs, got null$/],
      [[7], /^TypeError: .*expected a shape \[any, 2\] for the input \w+, got 7$/],
    ] as const) {
      expect(await lateRefusalOf(() => multiplyAdds(model, { shapes: shapes as never }))).toMatch(
        got,
      )
    }
    expect(await lateRefusalOf(() => multiplyAdds(model, { shape: [] } as never))).toMatch(
      /^TypeError: .*got shape: did you mean shapes\?$/,
    )
  })

  it('multiplyAdds leaves no tensors behind', async () => {
    const model = one(layers.dense({ units: 3, inputShape: [4] }))
    await expect(() => multiplyAdds(model)).toLeaveNoTensors()
  })
})
