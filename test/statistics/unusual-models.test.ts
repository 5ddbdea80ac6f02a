import { div, mul, randomNormal, type Tensor, tensor2d } from '@tensorflow/tfjs-core'
import { model as defineModel, input, layers, sequential } from '@tensorflow/tfjs-layers'
import {
  type Criterion,
  computeMask,
  forClasses,
  gradualPruner,
  layerwiseObs,
  magnitude,
  nOfM,
  normalised,
  synFlow,
  taylor,
  weightedSum,
} from 'tfjs-prune'
import { registerWasmGradients } from 'tfjs-prune/backends/wasm'
import { describe, expect, it } from 'vitest'
import type { Granularity } from '../../src/granularity/granularity.js'
import { lateRefusalOf } from '../support/refusal-of.js'
import { smallModel } from '../support/small-models.js'
import { through } from '../support/through.js'
import { fillWeights } from '../support/weights.js'
import { statisticOf } from './support.js'

const samplesOf = (xs: Tensor) => ({
  xs,
  ys: Int32Array.from({ length: xs.shape[0]! }, (_, i) => i % 2),
})

describe('statistics of unusual models', () => {
  it('flow neither vanishes nor overflows in deep depthwise networks', async () => {
    if (process.env.TFJS_BACKEND === 'wasm') registerWasmGradients()
    const depthwise = (i: number) =>
      layers.depthwiseConv2d({
        name: `deep${i}`,
        kernelSize: 3,
        padding: 'same',
        activation: 'relu',
        ...(i === 0 ? { inputShape: [4, 4, 64] } : {}),
      })
    const deep = Array.from({ length: 20 }, (_, i) => depthwise(i))
    const pooled = [layers.globalAveragePooling2d({}), layers.dense({ name: 'out', units: 2 })]
    const model = fillWeights(sequential({ layers: [...deep, ...pooled] }))
    const names = ['deep0/depthwise_kernel', 'deep19/depthwise_kernel']
    for (const { values } of Object.values(await statisticOf(model, 'flow', { names }))) {
      expect(values.every(Number.isFinite)).toBe(true)
      expect(Math.max(...values)).toBeGreaterThan(1e-6)
    }
    model.dispose()
  })

  it('inputNorm refuses a recurrent convolution, whose inputs are not known', async () => {
    const options = {
      filters: 2,
      kernelSize: 3,
      recurrentInitializer: 'glorotNormal' as const,
      inputShape: [3, 5, 5, 3],
    }
    const model = fillWeights(
      sequential({ layers: [layers.convLstm2d({ name: 'memory', ...options })] }),
    )
    const samples = samplesOf(randomNormal([2, 3, 5, 5, 3]))
    expect(
      await lateRefusalOf(() =>
        statisticOf(model, 'inputNorm', { names: ['memory/kernel'], samples }),
      ),
    ).toMatch(
      /^RangeError: Cannot gather inputNorm of memory\/kernel: expected a layer whose inputs are known, got ConvLSTM2D/,
    )
    model.dispose()
  })

  it('inputNorm of a bias counts the places of its outputs', async () => {
    const conv = layers.conv2d({ name: 'conv', filters: 2, kernelSize: 3, inputShape: [6, 5, 1] })
    const model = fillWeights(sequential({ layers: [conv] }))
    const samples = samplesOf(randomNormal([3, 6, 5, 1]))
    const { 'conv/bias': norm } = await statisticOf(model, 'inputNorm', {
      names: ['conv/bias'],
      samples,
    })
    expect(norm!.values[0]).toBeCloseTo(Math.sqrt(3 * 4 * 3), 5)
    model.dispose()
  })

  it("zeroShare is that of a layer's own activation, where it has one", async () => {
    const x = input({ shape: [3] })
    const own = through(layers.dense({ name: 'own', units: 4, activation: 'relu' }), x)
    const out = through(layers.activation({ activation: 'sigmoid' }), own)
    const model = fillWeights(defineModel({ inputs: x, outputs: [own, out] }))
    const xs = randomNormal([20, 3], 0, 1, 'float32', 3)
    const [values] = model.predict(xs) as Tensor[]
    const zeros = [0, 1, 2, 3].map(
      (unit) => values!.dataSync().filter((value, i) => i % 4 === unit && value === 0).length,
    )
    const { 'own/kernel': share } = await statisticOf(model, 'zeroShare', {
      names: ['own/kernel'],
      samples: samplesOf(xs),
    })
    expect(share!.values.map((value) => Math.round(20 * value))).toEqual(zeros)
    expect(zeros.some((count) => count > 0)).toBe(true)
    model.dispose()
  })

  it('statistics by unit refuse the first half of a separable convolution', async () => {
    const conv = layers.separableConv2d({
      name: 'sep',
      filters: 4,
      kernelSize: 3,
      depthMultiplier: 2,
      inputShape: [5, 5, 2],
    })
    const model = fillWeights(
      sequential({ layers: [conv, layers.batchNormalization({ name: 'norm' })] }),
    )
    const names = ['sep/depthwise_kernel']
    const samples = samplesOf(randomNormal([2, 5, 5, 2]))
    const ask = (statistic: 'zeroShare' | 'batchNormScale') =>
      statisticOf(model, statistic, { names, samples })
    expect(await lateRefusalOf(() => ask('zeroShare'))).toMatch(
      /^RangeError: .+ got the first half of another$/,
    )
    expect(await lateRefusalOf(() => ask('batchNormScale'))).toMatch(
      /^RangeError: Cannot gather batchNormScale/,
    )
    model.dispose()
  })

  it('batchNormScale refuses a shared layer with another normalisation behind each call', async () => {
    const x = input({ shape: [3] })
    const twin = layers.dense({ name: 'twin', units: 3 })
    const first = through(layers.batchNormalization(), through(twin, x))
    const second = through(layers.batchNormalization(), through(twin, first))
    const model = fillWeights(
      defineModel({ inputs: x, outputs: through(layers.dense({ name: 'out', units: 2 }), second) }),
    )
    const ask = () => statisticOf(model, 'batchNormScale', { names: ['twin/kernel'] })
    expect(await lateRefusalOf(ask)).toMatch(
      /^RangeError: Cannot gather batchNormScale of twin\/kernel/,
    )
    model.dispose()
  })
})

describe('computeMask and what does not go together', () => {
  it('computeMask refuses scores by class of labels that carry more than classes', async () => {
    const ys = tensor2d([
      [0, 1, 2],
      [1, 3, 0],
    ])
    const samples = {
      xs: randomNormal([2, 4]),
      ys,
      loss: () => {
        throw new Error('not asked')
      },
    }
    const options = { density: 0.5, criterion: forClasses(taylor(), { 0: 1, 1: 2 }), samples }
    expect(await lateRefusalOf(() => computeMask(smallModel(), options as never))).toBe(
      'TypeError: Cannot gather statistics: expected labels of 2 columns or one to tell classes, got 3',
    )
  })

  it('combinators refuse a criterion that compensates, whose update they would lose', () => {
    const message = /expected criteria that only score, got one that compensates$/
    expect(() => normalised(layerwiseObs(), 'sum')).toThrow(message)
    expect(() => weightedSum([{ criterion: layerwiseObs(), weight: 1 }])).toThrow(message)
  })

  it('computeMask refuses cells of one weight beside none of another', async () => {
    const mixed: Granularity = {
      name: 'mixed',
      grains: ({ name, shape }) => {
        const size = shape.reduce((product, side) => product * side, 1)
        const of = Int32Array.from({ length: size }, (_, i) => i)
        return name === 'out/kernel' ? { count: size, of, cell: 4 } : { count: size, of }
      },
    }
    const options = { density: 0.5, criterion: magnitude(), granularity: mixed }
    expect(await lateRefusalOf(() => computeMask(smallModel(), options))).toBe(
      'RangeError: Cannot keep in cells: expected cells of one size for all weights, got none and 4',
    )
  })
})

describe('cells and densities between them', () => {
  it('gradualPruner, computeMask and prune refuse densities that cells do not have before any weight changes', async () => {
    const model = smallModel()
    const before = model.getWeights().map((weight) => [...weight.dataSync()])
    const granularity = nOfM({ of: 4 })
    const gradual = () => gradualPruner(model, { density: 0.5, end: 10, every: 2, granularity })
    expect(await lateRefusalOf(gradual)).toMatch(
      /^RangeError: Cannot keep in cells: expected a density of 1\/4/,
    )
    const inSteps = () => computeMask(model, { density: 0.5, criterion: synFlow(), granularity })
    expect(await lateRefusalOf(inSteps)).toBe(
      'RangeError: Cannot keep in cells: expected a criterion of one step for nOfM({ of: 4 }), whose cells allow few densities, got one of 100 steps',
    )
    expect(
      (await computeMask(model, { density: 0.5, criterion: synFlow({ steps: 1 }), granularity }))
        .kept,
    ).toBe(20) // six inputs are four and two of a filled-up cell
    expect(model.getWeights().map((weight) => [...weight.dataSync()])).toEqual(before)
  })

  it('normalised passes over NaN where the mask before has pruned', async () => {
    const model = smallModel()
    const previous = await computeMask(model, { density: 0.5 })
    const odd: Criterion = ({ final, mask }) => div(mul(final, mask), mask)
    for (const how of ['mean', 'maximum', 'sum', 'rank'] as const) {
      const mask = await computeMask(model, {
        density: 0.25,
        criterion: normalised(odd, how),
        previous,
      })
      expect(mask.kept).toBe(9)
    }
  })
})

describe('the flow', () => {
  it('flow leaves the weights as they were to the bit, and no tensor, when the model refuses its input too', async () => {
    if (process.env.TFJS_BACKEND === 'wasm') registerWasmGradients()
    const broken = layers.dense({ name: 'broken', units: 2 })
    const hidden = layers.dense({ name: 'hidden', units: 4, inputShape: [3] })
    const model = fillWeights(sequential({ layers: [hidden, layers.batchNormalization(), broken] }))
    const values = () =>
      model.getWeights().map((weight) => [...new Int32Array(weight.dataSync().slice().buffer)])
    const before = values()
    await expect(() =>
      computeMask(model, { density: 0.5, criterion: synFlow({ steps: 3 }) }),
    ).toLeaveNoTensors()
    expect(values()).toEqual(before)
    const call = broken.call
    broken.call = () => {
      throw new Error('no flow here')
    }
    const refused = () =>
      expect(computeMask(model, { density: 0.5, criterion: synFlow() })).rejects.toThrow('no flow')
    await expect(refused).toLeaveNoTensors()
    expect(values()).toEqual(before)
    broken.call = call
    model.dispose()
  })
})
