import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import { starvedKernels } from '../../src/rounds/starved-kernels.js'
import { resolveModel } from '../../src/select/resolve-model.js'
import { computeMask } from '../../src/step/compute-mask.js'
import { fillWeights } from '../support/weights.js'

async function starved(model: LayersModel, minimumKept: Record<string, number>, biases = false) {
  const limits = Object.entries(minimumKept).map(([include, count]) => {
    return { include, minimumKept: count, maximumKept: count }
  })
  const select = { biases, limits }
  const mask = await computeMask(fillWeights(model), { density: 0.1, select })
  const found = starvedKernels(resolveModel(model, select), mask)
  model.dispose()
  return found
}

test('a kernel with fewer than 2 elements a unit is told, one with 2 is not', async () => {
  const dense = (name: string, units: number, given = {}) => layers.dense({ name, units, ...given })
  const build = () =>
    sequential({ layers: [dense('a', 8, { inputShape: [6] }), dense('b', 4), dense('c', 4)] })
  expect(await starved(build(), { a: 15, b: 8, c: 1 }, true)).toEqual([
    { name: 'a/kernel', kept: 15, units: 8, perUnit: 15 / 8 },
    { name: 'c/kernel', kept: 1, units: 4, perUnit: 1 / 4 },
  ])
})

test('a kernel that never had 2 elements a unit and is whole does not starve', async () => {
  const all = [
    layers.dense({ name: 'a', units: 8, inputShape: [1] }),
    layers.dense({ name: 'b', units: 4 }),
  ]
  expect(await starved(sequential({ layers: all }), { a: 8, b: 8 })).toEqual([])
})

test('units are filters, multiples of channels, and recurrent cells with all their gates', async () => {
  const same = { kernelSize: 3, padding: 'same' as const }
  const image = sequential({
    layers: [
      layers.conv2d({ name: 'conv', filters: 5, ...same, inputShape: [4, 4, 2] }),
      layers.depthwiseConv2d({ name: 'deep', depthMultiplier: 2, ...same }),
      layers.separableConv2d({ name: 'apart', filters: 3, ...same }),
      layers.conv2dTranspose({ name: 'up', filters: 7, ...same }),
    ],
  })
  const told = await starved(image, { conv: 9, deep: 19, apart: 5, up: 13 })
  expect(told.map(({ name, units }) => [name, units])).toEqual([
    ['conv/kernel', 5],
    ['deep/depthwise_kernel', 10],
    ['apart/depthwise_kernel', 10],
    ['apart/pointwise_kernel', 3],
    ['up/kernel', 7],
  ])
  const cells = sequential({
    layers: [
      layers.lstm({
        name: 'lstm',
        units: 6,
        recurrentInitializer: 'glorotNormal',
        inputShape: [3, 4],
      }),
    ],
  })
  expect(await starved(cells, { lstm: 11 })).toEqual([
    { name: 'lstm/kernel', kept: 11, units: 6, perUnit: 11 / 6 },
    { name: 'lstm/recurrent_kernel', kept: 11, units: 6, perUnit: 11 / 6 },
  ])
})
