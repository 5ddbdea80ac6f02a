import { memory } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { applyTrained, globally, prune, type Round, random } from 'tfjs-prune'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  imbalancedSamples,
  quickRun,
  type Samples,
  smallNetwork,
  weightBits,
} from './prune/support.js'
import { countRevived } from './support/weights.js'

const LEVELS = [1, 0.5, 0.25, 0.125, 0.0625, 0.03125, 0.015625]

describe('prune with the defaults of the paper', () => {
  let data: Samples
  let model: LayersModel
  let rounds: readonly Round[]
  let leaked: number

  beforeAll(async () => {
    data = imbalancedSamples()
    model = smallNetwork()
    const before = memory().numTensors
    rounds = (await prune(model, quickRun(data, { training: { epochs: 4 } }))).rounds
    leaked = memory().numTensors - before
  })
  afterAll(() => {
    data.xs.dispose()
    model.dispose()
  })

  test('prune goes through seven rounds and leaks no tensor', () => {
    expect(rounds.map(({ round }) => round)).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(leaked).toBe(0)
  })

  test('prune keeps exactly the share that each level asks of each weight', () => {
    for (const { round, weights, mask } of rounds) {
      for (const { name, size, kept, density } of weights) {
        expect({ name, round, kept }).toEqual({
          name,
          round,
          kept: Math.max(1, Math.round(size * LEVELS[round]!)),
        })
        expect(density).toBe(kept / size)
      }
      const ones = mask.weights.map(({ values }) => values.filter((value) => value === 1).length)
      expect(ones).toEqual(weights.map(({ kept }) => kept))
    }
  })

  test('prune lets masks shrink only', () => {
    for (const [index, { mask }] of rounds.slice(1).entries()) {
      mask.weights.forEach(({ values }, i) => {
        const before = rounds[index]!.mask.weights[i]!.values
        expect(values.some((kept, j) => kept > before[j]!)).toBe(false)
      })
      expect(mask.kept).toBeLessThan(rounds[index]!.mask.kept)
    }
  })

  test('prune reports densities over the prunable and over all parameters', () => {
    for (const { kept, density, densityOverAll, weights } of rounds) {
      expect(kept).toBe(weights.reduce((sum, weight) => sum + weight.kept, 0))
      expect(density).toBe(kept / 184)
      expect(densityOverAll).toBeCloseTo((kept + 22) / 206, 12)
    }
  })

  test('prune reports an evaluation that adds up', () => {
    for (const { evaluation } of rounds) {
      const { truePositives, falseNegatives, falsePositives, trueNegatives } = evaluation.confusion
      expect(truePositives + falseNegatives).toBe(8)
      expect(falsePositives + trueNegatives).toBe(32)
      expect(evaluation.falseNegativeRate + truePositives / 8).toBeCloseTo(1, 12)
      expect(evaluation.falsePositiveRate).toBeCloseTo(falsePositives / 32, 12)
      const { falseNegativeRate: fnr, falsePositiveRate: fpr, accuracy } = evaluation
      expect(accuracy).toBeCloseTo(0.2 * (1 - fnr) + 0.8 * (1 - fpr), 12)
      expect(evaluation.auc).toBeGreaterThanOrEqual(0)
      expect(evaluation.scores).toHaveLength(40)
    }
  })

  test('prune reports the training loss and the seconds of each part', () => {
    for (const { trainingLoss, seconds } of rounds) {
      expect(trainingLoss).toBeGreaterThan(0)
      for (const part of [seconds.training, seconds.scoring, seconds.evaluation])
        expect(part).toBeGreaterThanOrEqual(0)
      expect(seconds.training).toBeGreaterThan(0)
    }
  })

  test('prune learns the problem while the network is dense enough', () => {
    for (const { evaluation } of rounds.slice(0, 3)) expect(evaluation.auc).toBeGreaterThan(0.99)
  })

  test('prune leaves the weights of the last round in the model', () => {
    const left = weightBits(model)
    expect(countRevived(model, rounds[6]!.mask)).toBe(0)
    applyTrained(model, rounds[0]!)
    expect(weightBits(model)).not.toEqual(left)
    applyTrained(model, rounds[6]!)
    expect(weightBits(model)).toEqual(left)
  })
})

test('prune takes other schedules, criteria and allocators', async () => {
  const [data, model] = [imbalancedSamples(), smallNetwork()]
  const options = { schedule: [1, 0.6, 0.3], criterion: random({ seed: 3 }), allocate: globally() }
  const { rounds } = await prune(model, quickRun(data, options))
  expect(rounds.map(({ kept }) => kept)).toEqual([
    184,
    Math.round(184 * 0.6),
    Math.round(184 * 0.3),
  ])
  expect(new Set(rounds[2]!.weights.map(({ density }) => density)).size).toBeGreaterThan(1)
  data.xs.dispose()
  model.dispose()
})

test('prune reports the layers that it skipped', async () => {
  const [data, model] = [imbalancedSamples(), smallNetwork()]
  model.getLayer('hidden').trainable = false
  const before = weightBits(model)
  const { skipped, rounds } = await prune(model, quickRun(data, { schedule: [1, 0.5] }))
  expect(skipped.map(({ layer, reason }) => [layer, /frozen/.test(reason)])).toEqual([
    ['hidden', true],
  ])
  expect(rounds[1]!.weights.map(({ name }) => name)).toEqual(['middle/kernel', 'out/kernel'])
  expect(weightBits(model)['hidden/kernel']).toEqual(before['hidden/kernel'])
  data.xs.dispose()
  model.dispose()
})

test('prune selects biases and keeps the last layer on request', async () => {
  const [data, model] = [imbalancedSamples(), smallNetwork()]
  const select = { biases: true, keepLastLayer: true }
  const { rounds } = await prune(model, quickRun(data, { schedule: [1, 0.25], select }))
  expect(rounds[1]!.weights.map(({ name, kept }) => `${name} ${kept}`)).toEqual([
    'hidden/kernel 18',
    'hidden/bias 3',
    'middle/kernel 24',
    'middle/bias 2',
  ])
  data.xs.dispose()
  model.dispose()
})
