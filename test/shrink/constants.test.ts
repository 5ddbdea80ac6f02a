import { tensor } from '@tensorflow/tfjs-core'
import {
  input,
  layers,
  model as modelOf,
  type SymbolicTensor,
  sequential,
} from '@tensorflow/tfjs-layers'
import { describe, expect, it } from 'vitest'
import { fillWeights } from '../support/weights.js'
import { dropping, setWeights, shrinkSafely, sizesAfter, weightOf } from './support.js'

type Padding = 'same' | 'valid'

/** Two filters of 1x1, the first one dead and 2 behind its bias, then 3x3 with weights 1 to 18. */
const convs = (padding: Padding, args: object = {}) => {
  const first = layers.conv2d({
    name: 'first',
    filters: 2,
    kernelSize: 1,
    activation: 'relu',
    inputShape: [5, 5, 1],
  })
  const second = layers.conv2d({ name: 'second', filters: 1, kernelSize: 3, padding, ...args })
  return setWeights(sequential({ layers: [first, second] }), {
    'first/kernel': [0, 1],
    'first/bias': [2, 0.5],
    'second/kernel': Array.from({ length: 18 }, (_, i) => i + 1),
    'second/bias': [10],
  })
}

describe('shrink', () => {
  it('shrink folds a constant into a convolution that pads nothing', async () => {
    const shrunk = await shrinkSafely(convs('valid'))
    expect(sizesAfter(shrunk)).toEqual({ first: 1, second: 1 })
    // 1 + 3 + ... + 17 = 81 weights of the dead channel, each times 2.
    expect(weightOf(shrunk.model, 'second/bias')).toEqual([10 + 2 * 81])
    expect(weightOf(shrunk.model, 'second/kernel')).toEqual([2, 4, 6, 8, 10, 12, 14, 16, 18])
    expect(shrunk.kept).toEqual([])
  })

  it('shrink keeps a constant in front of a convolution that pads, and says so', async () => {
    const shrunk = await shrinkSafely(convs('same'))
    expect(sizesAfter(shrunk)).toEqual({ first: 2, second: 1 })
    const reason =
      'its bias cannot stand for constant inputs that do not add the same at all places: 1 stay. A mask of wholeUnits would have made them 0'
    expect(shrunk.kept).toEqual([{ layer: 'second', reason }])
  })

  it('shrink gives no advice where wholeUnits would make no 0, as of a sigmoid', async () => {
    const same = { kernelSize: 3, padding: 'same', filters: 2 } as const
    const model = sequential({
      layers: [
        layers.conv2d({ ...same, name: 'a', activation: 'sigmoid', inputShape: [5, 5, 1] }),
        layers.batchNormalization({ scale: false }),
        layers.conv2d({ ...same, name: 'b' }),
      ],
    })
    const values = weightOf(model, 'a/kernel').map((value, i) => (i % 2 === 0 ? 0 : value))
    const shrunk = await shrinkSafely(setWeights(model, { 'a/kernel': values }))
    const reason =
      'its bias cannot stand for constant inputs that do not add the same at all places: 1 stay'
    expect(shrunk.kept).toEqual([{ layer: 'b', reason }])
  })

  it('shrink removes a channel that is 0 in front of a convolution that pads', async () => {
    const model = setWeights(convs('same'), { 'first/bias': [-2, 0.5] })
    expect(sizesAfter(await shrinkSafely(model))).toEqual({ first: 1, second: 1 })
  })

  it('shrink folds a constant that meets only weights which never see the padding', async () => {
    const middle = Array.from({ length: 18 }, (_, i) => (i % 2 === 1 ? i + 1 : i === 8 ? 7 : 0))
    const { model, kept } = await shrinkSafely(
      setWeights(convs('same'), { 'second/kernel': middle }),
    )
    expect(weightOf(model, 'second/bias')).toEqual([10 + 2 * 7])
    expect(kept).toEqual([])
  })

  it.each([
    { side: 6, filters: 1 },
    { side: 5, filters: 2 },
  ])(
    'shrink knows that windows of 2 in steps of 2 cover a side of $side without padding or not',
    async ({ side, filters }) => {
      const first = layers.conv2d({
        name: 'first',
        filters: 2,
        kernelSize: 1,
        inputShape: [side, side, 1],
      })
      const second = layers.conv2d({
        name: 'second',
        filters: 1,
        kernelSize: 2,
        strides: 2,
        padding: 'same',
      })
      const model = setWeights(sequential({ layers: [first, second] }), {
        'first/kernel': [0, 1],
        'first/bias': [2, 0.5],
        'second/kernel': [1, 2, 3, 4, 5, 6, 7, 8],
      })
      expect(sizesAfter(await shrinkSafely(model))).toEqual({ first: filters, second: 1 })
    },
  )

  it('shrink folds through dilation, pooling and dropout', async () => {
    const model = fillWeights(
      sequential({
        layers: [
          layers.conv2d({
            name: 'first',
            filters: 4,
            kernelSize: 3,
            activation: 'elu',
            inputShape: [12, 12, 2],
          }),
          layers.averagePooling2d({ poolSize: 2, padding: 'same' }),
          layers.dropout({ rate: 0.5 }),
          layers.conv2d({ name: 'second', filters: 3, kernelSize: 2, dilationRate: 2 }),
          layers.globalMaxPooling2d({ dataFormat: 'channelsLast' }),
          layers.dense({ name: 'out', units: 2 }),
        ],
      }),
    )
    const mask = dropping(model, { 'first/kernel': { axis: 3, drop: [1, 2] } })
    const shrunk = await shrinkSafely(model, mask)
    expect(sizesAfter(shrunk)).toEqual({ first: 2, second: 3, out: 2 })
    expect(weightOf(shrunk.model, 'second/bias')).not.toEqual(weightOf(model, 'second/bias'))
  })

  it('shrink folds the shift that batch norm gives a dead channel', async () => {
    const model = setWeights(
      sequential({
        layers: [
          layers.dense({ name: 'hidden', units: 2, useBias: false, inputShape: [2] }),
          layers.batchNormalization({ name: 'norm', epsilon: 0 }),
          layers.activation({ activation: 'relu' }),
          layers.dense({ name: 'out', units: 1 }),
        ],
      }),
      {
        'hidden/kernel': [0, 1, 0, 2],
        'norm/gamma': [6, 1],
        'norm/beta': [1, 0],
        'norm/moving_mean': [-2, 0],
        'norm/moving_variance': [4, 1],
        'out/kernel': [3, 5],
        'out/bias': [0.5],
      },
    )
    const { model: small, parameters } = await shrinkSafely(model)
    // 6 (0 + 2) / 2 + 1 = 7 comes out of the dead channel.
    expect(weightOf(small, 'out/bias')).toEqual([0.5 + 3 * 7])
    expect(weightOf(small, 'norm/moving_variance')).toEqual([1])
    expect(parameters).toEqual({ before: 4 + 8 + 3, after: 2 + 4 + 2 })
  })

  it('shrink understands a batch norm from Keras, which has a list of one axis', async () => {
    for (const axis of [[1], 1, -1]) {
      const model = fillWeights(
        sequential({
          layers: [
            layers.dense({ name: 'hidden', units: 2, inputShape: [2] }),
            layers.batchNormalization({ axis: axis as number, name: 'norm' }),
            layers.dense({ name: 'out', units: 1 }),
          ],
        }),
      )
      setWeights(model, { 'norm/moving_variance': [1, 2], 'out/kernel': [0, 1] })
      const shrunk = await shrinkSafely(model)
      expect(shrunk.kept).toEqual([])
      expect(sizesAfter(shrunk)).toEqual({ hidden: 1, out: 1 })
    }
  })

  it('shrink removes what a batch norm multiplies with 0', async () => {
    const model = fillWeights(
      sequential({
        layers: [
          layers.dense({ name: 'hidden', units: 3, inputShape: [2] }),
          layers.batchNormalization({ name: 'norm' }),
          layers.dense({ name: 'out', units: 1 }),
        ],
      }),
    )
    setWeights(model, { 'norm/gamma': [1, 0, 1], 'norm/moving_variance': [1, 1, 1] })
    expect(sizesAfter(await shrinkSafely(model))).toEqual({ hidden: 2, out: 1 })
  })

  it('shrink removes the channels of a dead depthwise filter, and what its padding makes of them is 0', async () => {
    const x = input({ shape: [6, 6, 2] })
    const first = layers
      .conv2d({ name: 'expand', filters: 4, kernelSize: 1, activation: 'relu' })
      .apply(x)
    const depth = layers
      .depthwiseConv2d({ name: 'depth', kernelSize: 3, padding: 'same' })
      .apply(first)
    const out = layers
      .conv2d({ name: 'project', filters: 2, kernelSize: 3, padding: 'same' })
      .apply(depth)
    const model = fillWeights(modelOf({ inputs: x, outputs: out as SymbolicTensor }))
    const mask = dropping(model, {
      'depth/depthwise_kernel': { axis: 2, drop: [0, 3] },
      'depth/bias': { axis: 0, drop: [0, 3] },
    })
    const shrunk = await shrinkSafely(model, mask)
    expect(sizesAfter(shrunk)).toEqual({ expand: 2, depth: 2, project: 2 })
  })

  it('shrink keeps both channels of a depthwise multiplier of 2 while one of them works', async () => {
    const build = () => {
      const depth = layers.depthwiseConv2d({
        name: 'depth',
        kernelSize: 2,
        depthMultiplier: 2,
        inputShape: [4, 4, 2],
      })
      const first = layers.conv2d({
        name: 'first',
        filters: 2,
        kernelSize: 1,
        inputShape: [4, 4, 2],
      })
      const out = layers.conv2d({ name: 'out', filters: 1, kernelSize: 1 })
      return fillWeights(sequential({ layers: [first, depth, out] }))
    }
    const [one, both] = [build(), build()]
    const shrunkOne = await shrinkSafely(
      one,
      dropping(one, { 'out/kernel': { axis: 2, drop: [0] } }),
    )
    expect(sizesAfter(shrunkOne)).toEqual({ first: 2, depth: 4, out: 1 })
    const shrunkBoth = await shrinkSafely(
      both,
      dropping(both, { 'out/kernel': { axis: 2, drop: [0, 1] } }),
    )
    expect(sizesAfter(shrunkBoth)).toEqual({ first: 1, depth: 2, out: 1 })
  })

  it('shrink removes channels that a product with 0 kills', async () => {
    const x = input({ shape: [3, 3, 2] })
    const features = layers
      .conv2d({ name: 'features', filters: 3, kernelSize: 1, activation: 'relu' })
      .apply(x)
    const pooled = layers.globalAveragePooling2d({ dataFormat: 'channelsLast' }).apply(features)
    const gate = layers.dense({ name: 'gate', units: 3, activation: 'relu' }).apply(pooled)
    const spread = layers.reshape({ targetShape: [1, 1, 3] }).apply(gate)
    const product = layers.multiply().apply([features, spread] as SymbolicTensor[])
    const out = layers
      .conv2d({ name: 'out', filters: 2, kernelSize: 3, padding: 'same' })
      .apply(product)
    const model = fillWeights(modelOf({ inputs: x, outputs: out as SymbolicTensor }))
    setWeights(model, { 'gate/bias': [1, -1, 1] })
    const mask = dropping(model, {
      'gate/kernel': { axis: 1, drop: [1] },
      'features/kernel': { axis: 3, drop: [2] },
    })
    const shrunk = await shrinkSafely(model, mask)
    // Channel 1 is multiplied with 0, but the gate still looks at it; with its row gone too, it
    // goes.
    expect(sizesAfter(shrunk).features).toBe(3)
    const more = dropping(model, {
      'gate/kernel': { axis: 0, drop: [1] },
    })
    setWeights(model, { 'gate/kernel': [1, 0, 2, 3, 0, 4, 5, 0, 6] })
    expect(sizesAfter(await shrinkSafely(model, more)).features).toBe(2)
  })

  it('shrink trusts no padding where the sides of the images are open', async () => {
    const build = (padding: Padding) => {
      const first = layers.conv2d({
        name: 'first',
        filters: 2,
        kernelSize: 1,
        inputShape: [null, null, 1] as never,
      })
      const second = layers.conv2d({
        name: 'second',
        filters: 2,
        kernelSize: 2,
        strides: 2,
        padding,
      })
      const third = layers.conv2d({ name: 'third', filters: 1, kernelSize: 1 })
      return setWeights(fillWeights(sequential({ layers: [first, second, third] })), {
        'first/kernel': [0, 1],
        'first/bias': [2, 0.5],
      })
    }
    const images = (side: number) => [
      tensor(
        Float32Array.from({ length: side * side }, (_, i) => Math.sin(i)),
        [1, side, side, 1],
      ),
    ]
    // On 6x6 nothing is padded, on 5x5 it is.
    const same = await shrinkSafely(build('same'), undefined, {
      probes: images(6),
      inputs: images(5),
    })
    expect(sizesAfter(same)).toEqual({ first: 2, second: 2, third: 1 })
    const valid = await shrinkSafely(build('valid'), undefined, {
      probes: images(6),
      inputs: images(5),
    })
    expect(sizesAfter(valid)).toEqual({ first: 1, second: 2, third: 1 })
  })

  it('shrink knows that a transposed convolution spreads a constant unevenly', async () => {
    const build = (bias: number) => {
      const first = layers.conv2d({
        name: 'first',
        filters: 2,
        kernelSize: 1,
        activation: 'relu',
        inputShape: [3, 3, 1],
      })
      const second = layers.conv2dTranspose({
        name: 'second',
        filters: 2,
        kernelSize: 3,
        strides: 2,
        padding: 'same',
      })
      const model = fillWeights(sequential({ layers: [first, second] }))
      return setWeights(model, { 'first/kernel': [0, 1], 'first/bias': [bias, 0.5] })
    }
    expect(sizesAfter(await shrinkSafely(build(2))).first).toBe(2)
    expect(sizesAfter(await shrinkSafely(build(-2))).first).toBe(1)
  })

  it('shrink folds through a separable convolution', async () => {
    const first = layers.conv2d({ name: 'first', filters: 2, kernelSize: 1, inputShape: [4, 4, 1] })
    const second = layers.separableConv2d({ name: 'second', filters: 2, kernelSize: 2 })
    const model = setWeights(sequential({ layers: [first, second] }), {
      'first/kernel': [0, 1],
      'first/bias': [2, 0.5],
      'second/depthwise_kernel': [1, 1, 3, 1, 5, 1, 7, 1],
      'second/pointwise_kernel': [1, 2, 3, 4],
      'second/bias': [0, 1],
    })
    const { model: small } = await shrinkSafely(model)
    // The window of the dead channel sums to 16.
    expect(weightOf(small, 'second/bias')).toEqual([2 * 16 * 1, 1 + 2 * 16 * 2])
    expect(weightOf(small, 'second/depthwise_kernel')).toEqual([1, 1, 1, 1])
    expect(weightOf(small, 'second/pointwise_kernel')).toEqual([3, 4])
  })
})
