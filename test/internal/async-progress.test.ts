import type { LayersModel } from '@tensorflow/tfjs-layers'
import {
  computeMask,
  evaluateOn,
  repairToLoss,
  repairVariance,
  repairWeights,
  tune,
  wanda,
} from 'tfjs-prune'
import {
  compressedHandler,
  narrowest,
  saveCompressed,
  saveQuantised,
  sizeReport,
} from 'tfjs-prune/files'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { imbalancedSamples, type Samples, smallNetwork, weightBits } from '../prune/support.js'
import { lateRefusalOf } from '../support/refusal-of.js'

let data: Samples
let file: Uint8Array
let model: LayersModel
beforeAll(async () => {
  model = smallNetwork()
  data = imbalancedSamples(24)
  const keep = (bytes: Uint8Array) => {
    file = bytes
  }
  await saveCompressed(model, keep)
})
afterAll(() => {
  data.xs.dispose()
  model.dispose()
})

type Told = { readonly onProgress: () => Promise<never> }

describe('an onProgress that answers with a promise', () => {
  it.each<[string, string, (told: Told) => Promise<unknown>]>([
    [
      'saveCompressed',
      'save the compressed model',
      (told) => saveCompressed(model, () => {}, told),
    ],
    [
      'saveQuantised',
      'save the quantised model',
      (told) =>
        saveQuantised(model, { save: async () => ({}) as never }, { type: 'uint8', ...told }),
    ],
    ['compressedHandler', 'load the model', (told) => compressedHandler(file, told).load!()],
    ['sizeReport', 'report the sizes', (told) => sizeReport(model, told)],
    [
      'narrowest',
      'find the narrowest type',
      (told) =>
        narrowest(model, {
          budget: { 1: 0, 0: 0 },
          evaluate: evaluateOn(data, { positiveClass: 1 }),
          ...told,
        }),
    ],
    [
      'computeMask',
      'prune',
      (told) => computeMask(model, { density: 0.5, criterion: wanda(), samples: data, ...told }),
    ],
    [
      'repairWeights',
      'gather statistics',
      async (told) =>
        repairWeights(model, await computeMask(model, { density: 0.5 }), {
          samples: data,
          ...told,
        }),
    ],
    [
      'repairToLoss',
      'gather statistics',
      async (told) =>
        repairToLoss(model, await computeMask(model, { density: 0.5 }), {
          samples: data,
          ...told,
        }),
    ],
    [
      'repairVariance',
      'gather statistics',
      async (told) =>
        repairVariance(model, await computeMask(model, { density: 0.5 }), {
          samples: data,
          ...told,
        }),
    ],
    [
      'tune',
      'tune',
      (told) =>
        tune({
          scenarios: { plain: { rate: [1, 2] } },
          train: () => 1,
          seeds: [1],
          reportedSeeds: [2],
          direction: 'maximise',
          ...told,
        }),
    ],
  ])('is refused by %s, and its failure ends nothing', async (_, task, work) => {
    const before = weightBits(model)
    const onProgress = async () => {
      throw new Error('nobody hears of it')
    }
    expect(await lateRefusalOf(() => work({ onProgress }))).toBe(
      `TypeError: Cannot ${task}: expected onProgress to be a function that returns at once, got a promise`,
    )
    expect(weightBits(model)).toEqual(before)
  })
})
