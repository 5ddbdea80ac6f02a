import { memory, type Tensor, tensor, tensor2d } from '@tensorflow/tfjs-core'
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import { describe, expect, it, test } from 'vitest'
import { layerwiseObs } from '../../src/criteria/layerwise-obs.js'
import { readWeights, writeWeights } from '../../src/internal/weight-values.js'
import { createMask, type Mask } from '../../src/masks/mask.js'
import { type RepairWeightsOptions, repairWeights } from '../../src/repair/repair-weights.js'
import { computeMask } from '../../src/step/compute-mask.js'
import { pruneWeights } from '../../src/step/prune-weights.js'
import golden from '../golden/repair.json' with { type: 'json' }
import { fillWeights, randomValues } from '../support/weights.js'
import { expectNear, maskOf, modelOf, samplesOf } from './support.js'

describe('repairWeights', () => {
  it.each(golden.cases.map((one, index) => [index, one] as const))(
    'fits kept weights to the outputs as numpy does, case %s',
    async (_, one) => {
      for (const inputs of ['repaired', 'dense'] as const) {
        const model = modelOf(one)
        const options = { samples: samplesOf(one), damping: one.damping, inputs }
        const { weights, left } = await repairWeights(model, maskOf(one), options)
        const { 'first/kernel': first, 'second/kernel': second } = await readWeights(model)
        const wanted = inputs === 'dense' ? one.onDense : one.onRepaired
        expectNear(first!, wanted[0]!, 2e-4)
        expectNear(second!, wanted[1]!, 2e-4)
        expect(left).toEqual([])
        expect(weights.map(({ name }) => name)).toEqual(['first/kernel', 'second/kernel'])
        if (inputs === 'repaired') {
          expectNear(
            weights.map(({ lostBefore }) => lostBefore),
            one.lostBefore,
            1e-4,
          )
          expectNear(
            weights.map(({ lostAfter }) => lostAfter),
            one.lostAfter,
            1e-4,
          )
        }
        model.dispose()
      }
    },
  )

  it('keeps pruned places at +0, biases as they were, and tells the dense values', async () => {
    const [one] = golden.cases
    const model = modelOf(one!)
    const before = await readWeights(model)
    const { dense } = await repairWeights(model, maskOf(one!), { samples: samplesOf(one!) })
    const after = await readWeights(model)
    for (const [i, name] of ['first', 'second'].entries()) {
      const kernel = after[`${name}/kernel`]!
      one!.kept[i]!.forEach((kept, at) => {
        if (kept === 0) expect(Object.is(kernel[at], 0)).toBe(true)
      })
      expect(after[`${name}/bias`]).toEqual(before[`${name}/bias`])
      expect(dense[`${name}/kernel`]).toEqual(before[`${name}/kernel`])
    }
    model.dispose()
  })
})

/** A convolution, a depthwise one and a dense layer; 108 prunable weights. */
function convolutions(): LayersModel {
  const conv = { filters: 4, kernelSize: 2, activation: 'relu' as const, inputShape: [5, 5, 2] }
  const all = [
    layers.conv2d({ name: 'conv', ...conv }),
    layers.depthwiseConv2d({ name: 'depthwise', kernelSize: 2 }),
    layers.flatten(),
    layers.dense({ name: 'out', units: 2 }),
  ]
  return fillWeights(sequential({ layers: all }), 3)
}

const images = () => ({
  xs: tensor(randomValues(20 * 50, 4), [20, 5, 5, 2]),
  ys: Int32Array.from({ length: 20 }, (_, i) => i % 2),
})

test('repairWeights on dense inputs has the values of layerwiseObs, and names kernels that it leaves', async () => {
  const samples = images()
  const select = { include: ['conv/kernel', 'out/kernel'] }
  const [own, reference] = [convolutions(), convolutions()]
  const mask = await pruneWeights(reference, {
    density: 0.4,
    criterion: layerwiseObs({ damping: 0.02 }),
    samples,
    select,
  })
  await repairWeights(own, mask, { samples, damping: 0.02, inputs: 'dense' })
  const [values, wanted] = [await readWeights(own), await readWeights(reference)]
  for (const name of Object.keys(wanted)) expectNear(values[name]!, wanted[name]!, 1e-5)
  const other = convolutions()
  const all = await computeMask(other, { density: 0.4 })
  const { left, weights } = await repairWeights(other, all, { samples })
  expect(left.map(({ name }) => name)).toEqual(['depthwise/depthwise_kernel'])
  expect(weights).toHaveLength(2)
  for (const { lostBefore, lostAfter } of weights) expect(lostAfter).toBeLessThan(lostBefore)
  const zeros = (await readWeights(other))['depthwise/depthwise_kernel']!
  expect(zeros.filter((value) => value === 0)).toHaveLength(10)
  samples.xs.dispose()
})

test('repairWeights sees the same inputs either way in a first layer, a convolution', async () => {
  const samples = { ...images(), batchSize: 7 }
  const [one, other] = [convolutions(), convolutions()]
  const mask = await computeMask(one, { density: 0.3, select: { include: 'conv/kernel' } })
  const repaired = await repairWeights(one, mask, { samples })
  const dense = await repairWeights(other, mask, { samples, inputs: 'dense' })
  const [values, wanted] = [await readWeights(one), await readWeights(other)]
  expectNear(values['conv/kernel']!, wanted['conv/kernel']!, 1e-4)
  expect(repaired.weights[0]!.lostBefore).toBeCloseTo(dense.weights[0]!.lostBefore, 4)
  expect(repaired.weights[0]!.lostAfter).toBeCloseTo(dense.weights[0]!.lostAfter, 4)
  samples.xs.dispose()
  for (const model of [one, other]) model.dispose()
})

test('repairWeights leaves no tensor behind, and tells how far it is', async () => {
  const [one] = golden.cases
  const model = modelOf(one!)
  const seen: number[] = []
  const samples = { ...samplesOf(one!), batchSize: 32 }
  const options: RepairWeightsOptions = { samples, onProgress: ({ samples: n }) => seen.push(n) }
  const before = await readWeights(model)
  await expect(() => {
    writeWeights(model, before)
    return repairWeights(model, maskOf(one!), options)
  }).toLeaveNoTensors()
  expect(seen.slice(-4)).toEqual([32, 64, 32, 64])
  model.dispose()
})

const wholeMask = (model: LayersModel): Mask => {
  const place = { name: 'first/kernel', layer: 'first', role: 'kernel', shape: [6, 5] }
  return createMask([{ ...place, values: new Uint8Array(30).fill(1) }], model.countParams())
}

test('repairWeights has nothing to do where nothing is pruned', async () => {
  const [one] = golden.cases
  const model = modelOf(one!)
  const before = await readWeights(model)
  const { weights } = await repairWeights(model, wholeMask(model), { samples: samplesOf(one!) })
  expect(weights).toEqual([])
  expect(await readWeights(model)).toEqual(before)
  model.dispose()
})

describe('repairWeights leaves the model as it was and refuses', () => {
  const one = golden.cases[1]!
  const few = { xs: [[1, 2, 3, 4, 5, 6]], ys: [0] }
  const samples = samplesOf(one)
  const cases: Record<string, [Partial<RepairWeightsOptions>, RegExp]> = {
    'a negative damping': [{ damping: -1 }, /expected damping to be a finite number of at least 0/],
    'other inputs': [{ inputs: 'pruned' as never }, /expected inputs to be 'repaired' or 'dense'/],
    'a misspelt option': [{ dampning: 1 } as never, /got dampning: did you mean damping\?/],
    'no samples': [{ samples: undefined as never }, /^Cannot .*expected samples/],
    'samples of another shape': [
      { samples: { xs: [[1, 2]], ys: [0] } },
      /^Cannot gather statistics/,
    ],
    'too few samples without damping': [
      { samples: few, damping: 0 },
      /^Cannot repair the weights first\/kernel: expected a higher damping, got a singular part/,
    ],
  }

  it.each(Object.keys(cases))('%s', async (name) => {
    const [options, message] = cases[name]!
    const model = modelOf(one)
    const before = await readWeights(model)
    await expect(repairWeights(model, maskOf(one), { samples, ...options })).rejects.toThrow(
      message,
    )
    expect(await readWeights(model)).toEqual(before)
    model.dispose()
  })

  it('few samples with damping are enough', async () => {
    const model = modelOf(one)
    const { weights } = await repairWeights(model, maskOf(one), { samples: few })
    expect(weights[0]!.lostAfter).toBeLessThan(weights[0]!.lostBefore)
    model.dispose()
  })

  it('an abort between two kernels', async () => {
    const model = modelOf(one)
    const before = await readWeights(model)
    const stop = new AbortController()
    let passes = 0
    const onProgress = () => {
      if (++passes === 5) stop.abort()
    }
    const options = { samples: { ...samples, batchSize: 32 }, onProgress, signal: stop.signal }
    await expect(repairWeights(model, maskOf(one), options)).rejects.toThrow('aborted')
    expect(await readWeights(model)).toEqual(before)
    model.dispose()
  })

  it('a model that is pruned already', async () => {
    const model = modelOf(one)
    await repairWeights(model, maskOf(one), { samples })
    await expect(repairWeights(model, maskOf(one), { samples })).rejects.toThrow(
      'Cannot repair the weights: expected the weights from before the mask, got 0 wherever the mask prunes',
    )
    model.dispose()
  })

  it('a mask of another model', async () => {
    const model = sequential({
      layers: [layers.dense({ name: 'first', units: 5, inputShape: [7] })],
    })
    const before = model.getWeights()[0]!.dataSync().slice()
    await expect(repairWeights(model, wholeMask(model), { samples })).rejects.toThrow(
      'expected shape [7, 5] for first/kernel, got [6, 5]',
    )
    expect(model.getWeights()[0]!.dataSync()).toEqual(before)
    await expect(repairWeights(model, {} as never, { samples })).rejects.toThrow(TypeError)
    model.dispose()
  })

  it('weights that are not finite', async () => {
    const model = modelOf(one)
    const [, ...others] = model.getWeights()
    model.setWeights([tensor2d(new Float32Array(30).fill(Number.NaN), [6, 5]), ...others])
    await expect(repairWeights(model, maskOf(one), { samples })).rejects.toThrow(/finite/)
    model.dispose()
  })

  it.each([1, 2, 3, 4])('a layer that throws, in call %i, and leaves no tensor', async (last) => {
    let calls = 0
    class Failing extends layers.Layer {
      static className = `Failing${last}`
      override call(inputs: Tensor | Tensor[]): Tensor {
        if (++calls === last) throw new Error('no such input')
        return [inputs].flat()[0]!.clone()
      }
    }
    const inner = layers.dense({ name: 'first', units: 5, inputShape: [6] })
    const model = sequential({ layers: [inner] })
    model.add(new Failing({}))
    model.add(layers.dense({ name: 'second', units: 4 }))
    calls = 0
    const mask = await computeMask(model, { density: 0.5 })
    const before = memory().numTensors
    const repaired = repairWeights(model, mask, { samples })
    await expect(repaired).rejects.toThrow('no such input')
    expect(memory().numTensors).toBe(before)
    model.dispose()
  })
})
