import { getBackend, randomNormal, tensor2d, train } from '@tensorflow/tfjs-core'
import {
  initializers,
  input,
  type LayersModel,
  layers,
  model as makeModel,
  sequential,
} from '@tensorflow/tfjs-layers'
import { beforeAll, expect, test } from 'vitest'
import { registerWasmGradients } from '../../src/backends/wasm/index.js'
import { gradualPruner } from '../../src/gradual/gradual-pruner.js'
import { units } from '../../src/granularity/units.js'
import { wholeUnits } from '../../src/granularity/whole-units.js'
import { modelWeights } from '../../src/internal/model-weights.js'
import { createMask, type Mask } from '../../src/masks/mask.js'
import { prune } from '../../src/prune.js'
import { fineTune } from '../../src/rewind/fine-tune.js'
import { shrink } from '../../src/shrink/shrink.js'
import { computeMask } from '../../src/step/compute-mask.js'
import { evaluateOn } from '../../src/training/evaluate-on.js'
import { fit } from '../../src/training/fit.js'

const bits = (mask: Mask) =>
  Object.fromEntries(mask.weights.map(({ name, values }) => [name, values.join('')]))

/** Masks the given units of a kernel whose units are the last axis. */
function withoutUnits(model: LayersModel, dead: Readonly<Record<string, readonly number[]>>): Mask {
  const weights = modelWeights(model)
    .filter(({ name }) => dead[name])
    .map(({ name, layer, role, shape, variable }) => {
      const last = shape.at(-1)!
      const values = Uint8Array.from({ length: variable.size }, (_, i) =>
        dead[name]!.includes(i % last) ? 0 : 1,
      )
      return { name, layer, role, shape, values }
    })
  return createMask(weights, model.countParams())
}

test('wholeUnits adds the bias of units that are dead, and of no others', () => {
  const model = sequential({
    layers: [
      layers.dense({ name: 'a', units: 3, inputShape: [2] }),
      layers.dense({ name: 'b', units: 2 }),
    ],
  })
  const mask = withoutUnits(model, { 'a/kernel': [1], 'b/kernel': [] })
  expect(bits(wholeUnits(model, mask))).toEqual({
    'a/kernel': '101101',
    'b/kernel': '111111',
    'a/bias': '101',
  })
})

test('wholeUnits leaves a unit alone of which a single weight is alive', () => {
  const model = sequential({ layers: [layers.dense({ name: 'a', units: 2, inputShape: [2] })] })
  const shape = [2, 2]
  const mask = createMask(
    [{ name: 'a/kernel', layer: 'a', role: 'kernel', shape, values: Uint8Array.of(0, 1, 1, 0) }],
    6,
  )
  expect(bits(wholeUnits(model, mask))).toEqual({ 'a/kernel': '0110' })
})

test('wholeUnits adds gamma and beta of the batch normalisation that alone is behind the layer', () => {
  const model = sequential({
    layers: [
      layers.conv2d({
        name: 'conv',
        filters: 2,
        kernelSize: 1,
        useBias: false,
        inputShape: [2, 2, 1],
      }),
      layers.batchNormalization({ name: 'norm' }),
    ],
  })
  const mask = withoutUnits(model, { 'conv/kernel': [0] })
  expect(bits(wholeUnits(model, mask))).toEqual({
    'conv/kernel': '01',
    'norm/gamma': '01',
    'norm/beta': '01',
  })
})

test('wholeUnits leaves a batch normalisation alone that others feed too', () => {
  const entry = input({ shape: [2] })
  const [a, b] = ['a', 'b'].map((name) =>
    layers.dense({ name, units: 2, useBias: false }).apply(entry),
  )
  const norm = layers.batchNormalization({ name: 'norm' })
  const shared = makeModel({ inputs: entry, outputs: [norm.apply(a!), norm.apply(b!)] as never })
  expect(Object.keys(bits(wholeUnits(shared, withoutUnits(shared, { 'a/kernel': [0] }))))).toEqual([
    'a/kernel',
  ])
})

test('wholeUnits knows the outputs of depthwise, transposed and separable kernels, and leaves recurrent ones alone', () => {
  const model = sequential({
    layers: [
      layers.depthwiseConv2d({
        name: 'deep',
        kernelSize: 1,
        depthMultiplier: 2,
        inputShape: [3, 3, 2],
      }),
      layers.conv2dTranspose({ name: 'up', filters: 2, kernelSize: 1 }),
      layers.separableConv2d({ name: 'split', filters: 3, kernelSize: 1 }),
      layers.reshape({ targetShape: [9, 3] }),
      layers.lstm({ name: 'lstm', units: 1, recurrentInitializer: 'glorotNormal' }),
    ],
  })
  const masked = (name: string, values: number[]) => {
    const { layer, role, shape } = modelWeights(model).find((weight) => weight.name === name)!
    return { name, layer, role, shape, values: Uint8Array.from(values) }
  }
  const mask = createMask(
    [
      masked('deep/depthwise_kernel', [1, 0, 1, 1]),
      masked('up/kernel', [0, 0, 0, 0, 1, 1, 1, 1]),
      masked('split/depthwise_kernel', [0, 1]),
      masked('split/pointwise_kernel', [1, 1, 0, 1, 1, 0]),
      masked('lstm/kernel', new Array(12).fill(0)),
    ],
    model.countParams(),
  )
  const {
    'deep/bias': deep,
    'up/bias': up,
    'split/bias': split,
    ...others
  } = bits(wholeUnits(model, mask))
  expect([deep, up, split]).toEqual(['1011', '01', '110'])
  expect(Object.keys(others)).toHaveLength(5)
})

test('wholeUnits only takes places of a bias that has a mask of its own', () => {
  const model = sequential({ layers: [layers.dense({ name: 'a', units: 3, inputShape: [1] })] })
  const kernel = {
    name: 'a/kernel',
    layer: 'a',
    role: 'kernel',
    shape: [1, 3],
    values: Uint8Array.of(1, 0, 1),
  }
  const bias = {
    name: 'a/bias',
    layer: 'a',
    role: 'bias',
    shape: [3],
    values: Uint8Array.of(0, 1, 1),
  }
  expect(bits(wholeUnits(model, createMask([kernel, bias], 6)))).toEqual({
    'a/kernel': '101',
    'a/bias': '001',
  })
})

test('wholeUnits refuses a mask of another model', () => {
  const model = sequential({ layers: [layers.dense({ name: 'a', units: 3, inputShape: [1] })] })
  const stranger = {
    name: 'z/kernel',
    layer: 'z',
    role: 'kernel',
    shape: [1, 3],
    values: Uint8Array.of(1, 0, 1),
  }
  expect(() => wholeUnits(model, createMask([stranger], 6))).toThrow(
    /expected the weight z\/kernel in the model/,
  )
})

beforeAll(() => {
  if (getBackend() === 'wasm') registerWasmGradients()
})

const small = () => {
  const same = { kernelSize: 3, padding: 'same' } as const
  const seeded = (seed: number) => ({ kernelInitializer: initializers.heNormal({ seed }) })
  return sequential({
    layers: [
      layers.conv2d({
        ...same,
        ...seeded(1),
        name: 'a',
        filters: 8,
        activation: 'relu',
        inputShape: [4, 4, 1],
      }),
      layers.conv2d({ ...same, ...seeded(2), name: 'b', filters: 4, useBias: false }),
      layers.batchNormalization({ name: 'norm' }),
      layers.flatten(),
      layers.dense({ ...seeded(3), name: 'out', units: 2 }),
    ],
  })
}
const data = () => ({
  xs: randomNormal([12, 4, 4, 1], 0, 1, 'float32', 4),
  ys: Array.from({ length: 12 }, (_, i) => i % 2),
})
const select = { keepLastLayer: true }

test('prune with units holds bias and normalisation of dead units at 0, so that shrink leaves what was asked for', async () => {
  const [model, samples] = [small(), data()]
  const { rounds } = await prune(model, {
    train: fit(samples, { optimizer: () => train.adam(0.01), epochs: 2, batchSize: 6 }),
    evaluate: evaluateOn(samples, { positiveClass: 1 }),
    granularity: units(),
    select,
    schedule: [1, 0.5, 0.25],
    rewind: fineTune(),
  })
  const last = rounds.at(-1)!
  expect(last.mask.weights.map(({ name, kept }) => [name, kept])).toEqual([
    ['a/kernel', 18],
    ['b/kernel', 72],
  ])
  expect(last.density).toBe(0.25)
  const { model: less, layers: cut } = await shrink(model)
  expect(cut.map(({ layer, after }) => [layer, after])).toEqual([
    ['a', 2],
    ['b', 1],
    ['out', 2],
  ])
  less.dispose()
})

test('prune with units({ whole: false }) trains the biases of dead units on', async () => {
  const [model, samples] = [small(), data()]
  await prune(model, {
    train: fit(samples, { optimizer: () => train.adam(0.01), epochs: 2, batchSize: 6 }),
    evaluate: evaluateOn(samples, { positiveClass: 1 }),
    granularity: units({ whole: false }),
    select,
    schedule: [1, 0.25],
    rewind: fineTune(),
  })
  const bias = modelWeights(model)
    .find(({ name }) => name === 'a/bias')!
    .variable.dataSync()
  expect(bias.filter((value) => value !== 0).length).toBeGreaterThan(2)
})

test('gradualPruner with units holds bias and normalisation of dead units at 0', async () => {
  const model = small()
  const { xs, ys } = data()
  const pruner = await gradualPruner(model, {
    density: 0.25,
    end: 4,
    every: 1,
    granularity: units(),
    select,
  })
  model.compile({ optimizer: pruner.optimizer(train.adam(0.01)), loss: 'meanSquaredError' })
  const labels = tensor2d(ys.map((label) => [label, 1 - label]))
  await model.fit(xs, labels, { batchSize: 4, epochs: 3, verbose: 0, callbacks: pruner.callback() })
  const alive = (wanted: string) =>
    modelWeights(model)
      .find(({ name }) => name === wanted)!
      .variable.dataSync()
      .filter((value) => value !== 0).length
  expect(['a/bias', 'norm/gamma', 'norm/beta'].map(alive)).toEqual([2, 1, 1])
  pruner.dispose()
})

test('units refuses whole that is no truth value', () => {
  expect(() => units({ whole: 1 as never })).toThrow(TypeError)
})

test('wholeUnits finds no more to do in a mask that is whole already', async () => {
  const model = small()
  const once = wholeUnits(
    model,
    await computeMask(model, { density: 0.5, granularity: units(), select }),
  )
  expect(bits(wholeUnits(model, once))).toEqual(bits(once))
})
