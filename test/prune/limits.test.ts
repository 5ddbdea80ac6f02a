import { layers, sequential } from '@tensorflow/tfjs-layers'
import {
  computeMask,
  globally,
  gradualPruner,
  type PruneOptions,
  perLayer,
  prune,
  type WeightLimit,
} from 'tfjs-prune'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lateRefusalOf } from '../support/refusal-of.js'
import { fillWeights } from '../support/weights.js'
import { imbalancedSamples, quickRun, type Samples, weightBits } from './support.js'

let data: Samples
beforeAll(() => {
  data = imbalancedSamples(24)
})
afterAll(() => data.xs.dispose())

/** Dense 6-10 and 10-2 (relu): 60 + 20 elements. */
function network() {
  const a = layers.dense({ name: 'a', units: 10, inputShape: [6], activation: 'relu' })
  return fillWeights(sequential({ layers: [a, layers.dense({ name: 'b', units: 2 })] }))
}

const limits: readonly WeightLimit[] = [{ include: 'a', minimumDensity: 0.5 }]
const select = { limits }

const message = (density: number) =>
  `RangeError: Cannot keep the limits: expected a density of at least 0.388, got ${density}: ` +
  'a/kernel and the least of the others take 31 of 80. ' +
  'schedule: [1, 0.5] ends above it, and lower limits leave more room.'

async function run(options: Partial<PruneOptions>) {
  const model = network()
  const result = await prune(model, quickRun(data, { select, ...options }))
  model.dispose()
  return result.rounds.map(({ kept }) => kept)
}

describe('limits that take more than the density', () => {
  test('prune refuses the last of the densities, before training', async () => {
    const model = network()
    const before = weightBits(model)
    const train = () => expect.unreachable('nothing is trained')
    const options = { select, allocate: globally(), schedule: [1, 0.5, 0.4, 0.25] }
    const complete = { ...quickRun(data, options), train }
    expect(await lateRefusalOf(() => prune(model, complete))).toBe(message(0.25))
    expect(weightBits(model)).toEqual(before)
    model.dispose()
  })

  test('gradualPruner refuses them, and computeMask keeps them', async () => {
    const model = network()
    const options = { density: 0.25, select, allocate: globally() }
    const gradual = { ...options, end: 4, every: 1 }
    expect(await lateRefusalOf(() => gradualPruner(model, gradual))).toBe(message(0.25))
    expect((await computeMask(model, options)).kept).toBe(31)
    const pruner = await gradualPruner(model, { ...gradual, density: 0.388 })
    pruner.dispose()
    model.dispose()
  })

  test('prune ends an endless schedule where limits leave no more room', async () => {
    const schedule = (round: number) => 0.5 ** round
    expect(await run({ allocate: globally(), schedule })).toEqual([80, 40])
  })

  test('prune goes on per layer as long as another layer has more than its least', async () => {
    expect(await run({ allocate: perLayer(), schedule: [1, 0.5, 0.25, 0.125] })).toEqual([
      80, 40, 35, 33,
    ])
    const schedule = [1, 0.5, 0.01]
    await expect(run({ schedule })).rejects.toThrow('a density of at least 0.388, got 0.01')
  })

  test('prune meets a very low density as far as one element of each weight allows', async () => {
    expect(await run({ select: {}, allocate: globally(), schedule: [1, 0.01] })).toEqual([80, 2])
  })
})
