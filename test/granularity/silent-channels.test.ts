import {
  input,
  type LayersModel,
  layers,
  model as makeModel,
  type SymbolicTensor,
  sequential,
} from '@tensorflow/tfjs-layers'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { wholeUnits } from '../../src/granularity/whole-units.js'
import { modelWeights } from '../../src/internal/model-weights.js'
import { fillFinite } from '../shrink/random-graphs.js'
import { dropping, shrinkSafely, sizesAfter } from '../shrink/support.js'

const same = { kernelSize: 3, padding: 'same' } as const
const apply = (layer: layers.Layer, to: SymbolicTensor | SymbolicTensor[]) =>
  layer.apply(to) as SymbolicTensor

/** Names and pruned places of the weights that `wholeUnits` adds. */
function added(model: LayersModel, dead: Readonly<Record<string, readonly number[]>>) {
  const places = Object.entries(dead).map(([name, drop]) => {
    const { shape } = modelWeights(model).find((weight) => weight.name === name)!
    return [name, { axis: shape.length - 1, drop }] as const
  })
  const mask = dropping(model, Object.fromEntries(places))
  const whole = wholeUnits(model, mask)
  const names = mask.weights.map(({ name }) => name)
  const followers = whole.weights
    .filter(({ name }) => !names.includes(name))
    .map(({ name, values }) => [name, [...values.keys()].filter((place) => !values[place])])
  return { whole, followers: Object.fromEntries(followers) as Record<string, number[]> }
}

/** Two padded convolutions with layers between them, and a head. */
function between(...middle: layers.Layer[]): LayersModel {
  return sequential({
    layers: [
      layers.conv2d({ ...same, name: 'a', filters: 4, inputShape: [5, 5, 2] }),
      ...middle,
      layers.conv2d({ ...same, name: 'b', filters: 3 }),
      layers.flatten(),
      layers.dense({ name: 'out', units: 2 }),
    ],
  })
}

test.each([
  [{}, { 'norm/gamma': [1], 'norm/beta': [1] }],
  [{ scale: false }, { 'norm/beta': [1], 'norm/moving_mean': [1] }],
  [{ center: false }, { 'norm/gamma': [1] }],
  [{ scale: false, center: false }, { 'norm/moving_mean': [1] }],
])(
  'a batch normalisation with %o loses the weights that it has, and no more',
  (options, wanted) => {
    const model = between(layers.batchNormalization({ name: 'norm', ...options }))
    expect(added(model, { 'a/kernel': [1] }).followers).toEqual({ 'a/bias': [1], ...wanted })
  },
)

const norms = fc.record({
  scale: fc.boolean(),
  center: fc.boolean(),
  useBias: fc.boolean(),
  inside: fc.constantFrom('linear', 'relu', 'tanh', 'elu'),
  behind: fc.constantFrom('none', 'relu', 'prelu', 'depthwise', 'pool', 'dropout', 'pad'),
  before: fc.constantFrom('none', 'relu', 'prelu', 'pool', 'nested'),
  seed: fc.nat(99),
})

test('dead filters go through every form of normalisation, padding or not, and the outputs stay', async () => {
  const layerOf: Readonly<Record<string, (key: string) => layers.Layer[]>> = {
    none: () => [],
    relu: () => [layers.reLU()],
    prelu: () => [layers.prelu()],
    depthwise: () => [layers.depthwiseConv2d({ ...same, depthMultiplier: 2 })],
    pool: () => [layers.averagePooling2d({ poolSize: 2, padding: 'same' })],
    dropout: () => [layers.dropout({ rate: 0.5 })],
    pad: () => [layers.zeroPadding2d()],
    nested: () => [
      sequential({ layers: [layers.reLU({ inputShape: [5, 5, 6] } as never)] }) as layers.Layer,
    ],
  }
  await fc.assert(
    fc.asyncProperty(norms, async ({ scale, center, useBias, inside, behind, before, seed }) => {
      const activation = inside as 'relu'
      const model = sequential({
        layers: [
          layers.conv2d({
            ...same,
            ...{ name: 'a', filters: 6, useBias, activation, inputShape: [5, 5, 2] },
          }),
          ...layerOf[before]!('before'),
          layers.batchNormalization({ name: 'norm', scale, center }),
          ...layerOf[behind]!('behind'),
          layers.conv2d({ ...same, name: 'b', filters: 3 }),
          layers.flatten(),
          layers.dense({ name: 'out', units: 2 }),
        ],
      })
      fillFinite(model, seed)
      const { whole } = added(model, { 'a/kernel': [0, 2, 5] })
      const shrunk = await shrinkSafely(model, whole)
      expect(shrunk.kept).toEqual([])
      expect(sizesAfter(shrunk)).toMatchObject({ a: 3, b: 3 })
      shrunk.model.dispose()
      model.dispose()
    }),
    { numRuns: 40, seed: 3 },
  )
})

test('a unit that emits another constant than 0 is silenced by a scale, and by nothing else', () => {
  const model = (scale: boolean) =>
    sequential({
      layers: [
        layers.conv2d({ ...same, name: 'a', filters: 4, inputShape: [5, 5, 2] }),
        layers.activation({ activation: 'sigmoid' }),
        layers.batchNormalization({ name: 'norm', scale }),
        layers.conv2d({ ...same, name: 'b', filters: 3 }),
      ],
    })
  expect(added(model(true), { 'a/kernel': [1] }).followers).toEqual({
    ...{ 'a/bias': [1], 'norm/gamma': [1], 'norm/beta': [1] },
  })
  expect(added(model(false), { 'a/kernel': [1] }).followers).toEqual({ 'a/bias': [1] })
})

test('a normalisation behind a join loses the channels of which all inputs are dead', async () => {
  const joined = (join: layers.Layer) => {
    const entry = input({ shape: [5, 5, 2] })
    const sides = ['a', 'b'].map((name) =>
      apply(layers.conv2d({ ...same, name, filters: 3 }), entry),
    )
    const norm = apply(
      layers.batchNormalization({ name: 'norm', scale: false }),
      apply(join, sides),
    )
    const last = apply(layers.conv2d({ ...same, name: 'c', filters: 2 }), norm)
    return fillFinite(makeModel({ inputs: entry, outputs: last }), 4)
  }
  const dead = { 'a/kernel': [0, 1], 'b/kernel': [1, 2] }
  const own = { 'a/bias': [0, 1], 'b/bias': [1, 2] }
  const [concat, sum, product] = [
    joined(layers.concatenate()),
    joined(layers.add()),
    joined(layers.multiply()),
  ]
  const norm = (places: number[]) => ({ 'norm/beta': places, 'norm/moving_mean': places })
  expect(added(concat, dead).followers).toEqual({ ...own, ...norm([0, 1, 4, 5]) })
  expect(added(sum, dead).followers).toEqual({ ...own, ...norm([1]) })
  expect(added(product, dead).followers).toEqual({ ...own, ...norm([0, 1, 2]) })
  const shrunk = await shrinkSafely(concat, added(concat, dead).whole)
  expect([shrunk.kept, sizesAfter(shrunk)]).toEqual([[], { a: 1, b: 1, c: 2 }])
})

test('a shared normalisation loses the channels that are dead in all of its calls', () => {
  const entry = input({ shape: [5, 5, 2] })
  const norm = layers.batchNormalization({ name: 'norm' })
  const sides = ['a', 'b'].map((name) =>
    apply(norm, apply(layers.conv2d({ ...same, name, filters: 3 }), entry)),
  )
  const behind = layers.batchNormalization({ name: 'behind' })
  const outputs = apply(behind, sides[0]!)
  const model = makeModel({ inputs: entry, outputs: [outputs, sides[1]!] })
  const { followers } = added(model, { 'a/kernel': [0, 1], 'b/kernel': [1, 2] })
  expect(followers).toEqual({
    ...{ 'a/bias': [0, 1], 'b/bias': [1, 2] },
    ...{ 'norm/gamma': [1], 'norm/beta': [1], 'behind/gamma': [0, 1], 'behind/beta': [0, 1] },
  })
})

test('the bias of a depthwise convolution goes with the filter in front of it', () => {
  const model = between(
    layers.depthwiseConv2d({ ...same, name: 'deep', depthMultiplier: 2 }),
    layers.batchNormalization({ name: 'norm', scale: false }),
  )
  expect(added(model, { 'a/kernel': [1] }).followers).toEqual({
    ...{ 'a/bias': [1], 'deep/bias': [2, 3], 'norm/beta': [2, 3], 'norm/moving_mean': [2, 3] },
  })
})

test('frozen weights stay unless the mask prunes frozen kernels', () => {
  const model = between(layers.batchNormalization({ name: 'norm', scale: false }))
  model.getLayer('norm').trainable = false
  expect(added(model, { 'a/kernel': [1] }).followers).toEqual({ 'a/bias': [1] })
  model.getLayer('a').trainable = false
  expect(added(model, { 'a/kernel': [1] }).followers).toEqual({
    ...{ 'a/bias': [1], 'norm/beta': [1], 'norm/moving_mean': [1] },
  })
})

test('layers that look at all channels end it', () => {
  const model = between(layers.layerNormalization(), layers.batchNormalization({ name: 'norm' }))
  expect(added(model, { 'a/kernel': [1] }).followers).toEqual({ 'a/bias': [1] })
})
