import { memory } from '@tensorflow/tfjs-core'
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import { applyTicket, applyTrained, prune, type Round } from 'tfjs-prune'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { imbalancedSamples, quickRun, weightBits } from '../prune/support.js'
import { refusalOf } from '../support/refusal-of.js'
import { bitsOf, countAlive, countRevived, weightsByName } from '../support/weights.js'

const make = (units = 12): LayersModel =>
  sequential({
    layers: [
      layers.dense({ name: 'hidden', units, activation: 'relu', inputShape: [6] }),
      layers.batchNormalization({ name: 'norm' }),
      layers.dense({ name: 'out', units: 2 }),
    ],
  })

let model: LayersModel
let initial: Record<string, Float32Array>
let rounds: readonly Round[]
beforeAll(async () => {
  const data = imbalancedSamples(24)
  model = make()
  initial = weightsByName(model)
  rounds = (await prune(model, quickRun(data, { schedule: [1, 0.5, 0.25] }))).rounds
  data.xs.dispose()
})
afterAll(() => model.dispose())

describe('applyTrained', () => {
  test('applyTrained brings back a round, statistics included, in a fresh model of the same layers', () => {
    const last = weightBits(model)
    const fresh = make()
    applyTrained(fresh, rounds[2]!)
    expect(weightBits(fresh)).toEqual(last)
    expect(last['norm/moving_mean']).not.toEqual(bitsOf(initial['norm/moving_mean']!))
    expect([countRevived(fresh, rounds[2]!.mask), countAlive(fresh, rounds[2]!.mask)]).toEqual([
      0, 24,
    ])
    fresh.dispose()
  })

  test('applyTrained leaves no tensor', async () => {
    await expect(() => applyTrained(model, rounds[1]!)).toLeaveNoTensors()
  })

  test('applyTrained takes a round that went through structuredClone', () => {
    const fresh = make()
    applyTrained(model, rounds[1]!)
    applyTrained(fresh, structuredClone(rounds[1]!))
    expect(weightBits(fresh)).toEqual(weightBits(model))
    fresh.dispose()
  })
})

describe('applyTicket', () => {
  test('applyTicket gives W0 under the mask and the statistics of the start', () => {
    const fresh = make()
    applyTicket(fresh, rounds[2]!)
    const ticket = weightsByName(fresh)
    for (const { name, values } of rounds[2]!.mask.weights) {
      expect(bitsOf(ticket[name]!)).toEqual(
        bitsOf(initial[name]!.map((value, i) => (values[i] === 1 ? value : 0))),
      )
    }
    for (const name of [
      'hidden/bias',
      'norm/gamma',
      'norm/moving_mean',
      'norm/moving_variance',
      'out/bias',
    ]) {
      expect(ticket[name]).toEqual(initial[name])
    }
    fresh.dispose()
  })

  test('applyTicket is not applyTrained', () => {
    applyTicket(model, rounds[2]!)
    const ticket = weightBits(model)
    applyTrained(model, rounds[2]!)
    expect(weightBits(model)).not.toEqual(ticket)
  })

  test('applyTicket leaves no tensor', async () => {
    await expect(() => applyTicket(model, rounds[1]!)).toLeaveNoTensors()
  })
})

describe.each([
  ['applyTrained', applyTrained],
  ['applyTicket', applyTicket],
] as const)('%s', (name, apply) => {
  test(`${name} refuses a model of other layers and changes nothing`, () => {
    const other = make(13)
    const [before, tensors] = [weightBits(other), memory().numTensors]
    expect(refusalOf(() => apply(other, rounds[1]!))).toBe(
      'TypeError: Cannot use the mask: expected shape [6, 13] for hidden/kernel, got [6, 12]',
    )
    expect(weightBits(other)).toEqual(before)
    expect(memory().numTensors).toBe(tensors)
    other.dispose()
  })

  test(`${name} refuses a round whose unpruned weights do not fit and changes nothing`, () => {
    const before = weightBits(model)
    const shorter = { 'norm/beta': new Float32Array(5) }
    const broken = {
      ...rounds[1]!,
      trained: { ...rounds[1]!.trained, ...shorter },
      initial: { ...initial, ...shorter },
    }
    expect(refusalOf(() => apply(model, broken))).toBe(
      'TypeError: Cannot set the weights: expected 12 values for norm/beta, got 5',
    )
    expect(weightBits(model)).toEqual(before)
  })
})
