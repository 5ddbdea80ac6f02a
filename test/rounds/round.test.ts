import { memory } from '@tensorflow/tfjs-core'
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import {
  applyRewound,
  applyTicket,
  applyTrained,
  magnitude,
  prune,
  type Round,
  rewindToInitial,
  units,
} from 'tfjs-prune'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { whileBusy } from '../../src/internal/busy-models.js'
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

test('applyTrained, applyTicket and applyRewound refuse a model that a run is at work on', async () => {
  const own = make()
  const asked = [
    () => applyTrained(own, rounds[1]!),
    () => applyTicket(own, rounds[1]!),
    () => applyRewound(own, rounds[1]!, rewindToInitial()),
  ]
  const before = weightBits(own)
  const refusals = await whileBusy(own, async () => asked.map(refusalOf))
  const words = `expected the model ${own.name} to be free, got one that another run is at work on`
  const tasks = ['set the weights', 'apply the ticket', 'apply the rewound round']
  expect(refusals).toEqual(tasks.map((task) => `Error: Cannot ${task}: ${words}`))
  expect(weightBits(own)).toEqual(before)
  for (const apply of asked) expect(refusalOf(apply)).not.toContain('to be free')
  own.dispose()
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

test.each([
  ['without a layer of the model', ['norm/gamma', 'norm/beta'], 'a round without norm/gamma'],
  ['with a layer that the model lacks', [], 'norm/gamma beside them'],
])('a round %s is refused by its weights, and nothing changes', (_what, absent, got) => {
  const lacking = sequential({
    layers: [
      layers.dense({ name: 'hidden', units: 12, activation: 'relu', inputShape: [6] }),
      layers.dense({ name: 'out', units: 2 }),
    ],
  })
  const without = (values: Round['trained']) =>
    Object.fromEntries(Object.entries(values).filter(([name]) => !absent.includes(name)))
  const [dense] = rounds
  const round = { ...dense!, trained: without(dense!.trained), initial: without(dense!.initial) }
  const target = absent.length > 0 ? model : lacking
  const before = weightBits(target)
  const count = absent.length > 0 ? 8 : 4
  for (const apply of [applyTrained, applyTicket])
    expect(refusalOf(() => apply(target, round as Round))).toBe(
      `RangeError: Cannot set the weights: expected a round of the model's ${count} weights, got ${got}`,
    )
  expect(weightBits(target)).toEqual(before)
  lacking.dispose()
})

test('the density over all is that of all elements that units() holds at 0', async () => {
  const data = imbalancedSamples(24)
  const own = make()
  const run = quickRun(data, { schedule: [1, 0.5], criterion: magnitude(), granularity: units() })
  const { rounds: found } = await prune(own, run)
  // Statistics are not held: those of a unit that puts out 0 become 0 by themselves.
  const alive = Object.entries(weightsByName(own)).flatMap(([name, values]) =>
    Array.from(values).filter((value) => value !== 0 || name.includes('moving')),
  ).length
  expect(found[1]!.densityOverAll * own.countParams()).toBeCloseTo(alive, 6)
  data.xs.dispose()
  own.dispose()
})
