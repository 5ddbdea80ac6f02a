import { tensor, tensor1d, tensor2d } from '@tensorflow/tfjs-core'
import { layers, sequential } from '@tensorflow/tfjs-layers'
import { describe, expect, it, test } from 'vitest'
import { readWeights, writeWeights } from '../../src/internal/weight-values.js'
import { createMask } from '../../src/masks/mask.js'
import { type RepairVarianceOptions, repairVariance } from '../../src/repair/repair-variance.js'
import { repairWeights } from '../../src/repair/repair-weights.js'
import { computeMask } from '../../src/step/compute-mask.js'
import golden from '../golden/repair.json' with { type: 'json' }
import { fillWeights, randomValues } from '../support/weights.js'
import { expectNear, maskOf, modelOf, samplesOf } from './support.js'

const places = ['first/kernel', 'first/bias', 'second/kernel', 'second/bias']

describe('repairVariance', () => {
  it.each(golden.cases.map((one, index) => [index, one] as const))(
    'gives units their mean and deviation back as numpy does, case %s',
    async (_, one) => {
      const model = modelOf(one)
      const { weights, left } = await repairVariance(model, maskOf(one), {
        samples: { ...samplesOf(one), batchSize: 24 },
      })
      const values = await readWeights(model)
      for (const [i, name] of places.entries()) expectNear(values[name]!, one.rescaled[i]!, 1e-4)
      expectNear(
        weights.map(({ deviationLeft }) => deviationLeft),
        one.deviationLeft,
        1e-4,
      )
      expect(weights.map(({ hasBias, deadUnits }) => [hasBias, deadUnits])).toEqual([
        [true, 0],
        [true, 0],
      ])
      expect(left).toEqual([])
      model.dispose()
    },
  )
})

test('repairVariance after repairWeights takes the dense values, and holds what it promises', async () => {
  const [one] = golden.cases
  const [model, dense] = [modelOf(one!), modelOf(one!)]
  const samples = samplesOf(one!)
  const { dense: values } = await repairWeights(model, maskOf(one!), { samples })
  await repairVariance(model, maskOf(one!), { samples, dense: values })
  const momentsOf = (outputs: Float32Array) =>
    [0, 1, 2].map((unit) => {
      const own = [...outputs].filter((_, i) => i % 3 === unit)
      const mean = own.reduce((sum, value) => sum + value, 0) / own.length
      return [mean, own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / own.length]
    })
  const xs = tensor2d(samples.xs)
  const [after, before] = [model, dense].map((net) => {
    const outputs = net.predict(xs) as ReturnType<typeof tensor>
    return momentsOf(outputs.dataSync() as Float32Array).flat()
  })
  expectNear(after!, before!, 1e-4)
  for (const net of [model, dense]) net.dispose()
})

test('repairVariance works on convolutions, and without a bias restores the spread alone', async () => {
  const conv = { filters: 3, kernelSize: 2, useBias: false, inputShape: [5, 5, 2] }
  const all = [
    layers.conv2d({ name: 'conv', ...conv }),
    layers.depthwiseConv2d({ name: 'depthwise', kernelSize: 2 }),
  ]
  const model = fillWeights(sequential({ layers: all }), 3)
  const samples = { xs: tensor(randomValues(20 * 50, 4), [20, 5, 5, 2]), ys: new Array(20).fill(0) }
  const before = (await readWeights(model))['conv/kernel']!.slice()
  const mask = await computeMask(model, { density: 0.5 })
  const { weights, left } = await repairVariance(model, mask, { samples })
  const after = (await readWeights(model))['conv/kernel']!
  expect(weights).toMatchObject([{ name: 'conv/kernel', hasBias: false, deadUnits: 0 }])
  expect(left.map(({ name }) => name)).toEqual(['depthwise/depthwise_kernel'])
  // All elements of a unit have one factor.
  const kept = mask.weights[0]!.values
  for (let unit = 0; unit < 3; unit++) {
    const factors = [...after]
      .map((value, i) => value / before[i]!)
      .filter((_, i) => i % 3 === unit && kept[i] === 1)
    for (const factor of factors) expect(factor).toBeCloseTo(factors[0]!, 5)
    expect(factors[0]).toBeGreaterThan(1)
  }
  samples.xs.dispose()
  model.dispose()
})

test('repairVariance keeps the kernel of a dead unit, restores its mean, and counts it', async () => {
  const model = sequential({ layers: [layers.dense({ name: 'a', units: 2, inputShape: [2] })] })
  const values = [
    tensor2d([
      [1, 2],
      [3, 4],
    ]),
    tensor1d([0.5, 0]),
  ]
  model.setWeights(values)
  const place = { name: 'a/kernel', layer: 'a', role: 'kernel', shape: [2, 2] }
  // Unit 0 keeps the input that never changes.
  const mask = createMask([{ ...place, values: Uint8Array.of(1, 0, 0, 1) }], 6)
  const samples = {
    xs: [
      [1, 0],
      [1, 2],
    ],
    ys: [0, 1],
  }
  const { weights } = await repairVariance(model, mask, { samples })
  expect(weights).toMatchObject([{ deadUnits: 1 }])
  const { 'a/kernel': kernel, 'a/bias': bias } = await readWeights(model)
  expect([...kernel!]).toEqual([1, 0, 0, 4])
  // Mean 1 + 3 before and 1 after; unit 1 loses the constant 2.
  expect([...bias!]).toEqual([3.5, 2])
  for (const value of values) value.dispose()
  model.dispose()
})

test('repairVariance leaves no tensor behind, also when it is given dense values', async () => {
  const [one] = golden.cases
  const model = modelOf(one!)
  const samples = samplesOf(one!)
  const before = await readWeights(model)
  const { dense } = await repairWeights(model, maskOf(one!), { samples })
  await expect(() => {
    writeWeights(model, before)
    return repairVariance(model, maskOf(one!), { samples })
  }).toLeaveNoTensors()
  await expect(() => repairVariance(model, maskOf(one!), { samples, dense })).toLeaveNoTensors()
  model.dispose()
})

describe('repairVariance leaves the model as it was and refuses', () => {
  const one = golden.cases[1]!
  const samples = samplesOf(one)
  const stop = new AbortController()
  stop.abort()
  const cases: Record<string, [Partial<RepairVarianceOptions>, RegExp]> = {
    'dense values of other weights': [
      { dense: { 'first/kernel': new Float32Array(30).fill(1) } },
      /^Cannot repair the variance: expected 15 dense values of second\/kernel, got none$/,
    ],
    'dense values of another size': [
      { dense: { 'first/kernel': new Float32Array(3) } },
      /expected 30 dense values of first\/kernel, got 3 values$/,
    ],
    'an aborted signal': [{ signal: stop.signal }, /aborted/],
    'a misspelt option': [{ sample: 1 } as never, /got sample: did you mean samples\?/],
    'inputs that are not finite': [
      { samples: { xs: [[1, 2, 3, 4, 5, Number.NaN]], ys: [0] } },
      /finite/,
    ],
  }

  it.each(Object.keys(cases))('%s', async (name) => {
    const [options, message] = cases[name]!
    const model = modelOf(one)
    const before = await readWeights(model)
    const work = repairVariance(model, maskOf(one), { samples, ...options })
    await expect(work).rejects.toThrow(message)
    expect(await readWeights(model)).toEqual(before)
    model.dispose()
  })
})

test('repairVariance refuses a layer whose outputs are not finite, with the weights as they were', async () => {
  const norm = layers.batchNormalization({ name: 'norm' })
  const model = sequential({
    layers: [
      layers.dense({ units: 2, inputShape: [2], name: 'first' }),
      norm,
      layers.dense({ units: 2, name: 'second' }),
    ],
  })
  const [one, zero] = [tensor1d([1, 1]), tensor1d([0, 0])]
  norm.setWeights([one, zero, zero, tensor1d([1, -0.5])]) // a variance below 0 has no root
  const before = await readWeights(model)
  const mask = await computeMask(model, { density: 0.5 })
  const samples = {
    xs: [
      [1, 2],
      [3, 4],
      [5, 1],
    ],
    ys: [0, 1, 0],
  }
  await expect(repairVariance(model, mask, { samples })).rejects.toThrow(
    /^Cannot repair the variance: expected finite outputs of unit 0 of second\/kernel, got a mean of NaN/,
  )
  expect(await readWeights(model)).toEqual(before)
  model.dispose()
})
