import { memory, train } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import {
  falseNegativesAtMost,
  fineTune,
  type PruneOptions,
  prune,
  pruningRounds,
  type Rewinder,
  type Round,
  reinitialise,
  rewindLearningRate,
  rewindTo,
  rewindToInitial,
} from 'tfjs-prune'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lateRefusalOf } from '../support/refusal-of.js'
import { imbalancedSamples, quickRun, type Samples, smallNetwork, weightBits } from './support.js'

let data: Samples
beforeAll(() => {
  data = imbalancedSamples(24)
})
afterAll(() => data.xs.dispose())

const REWINDERS: readonly (() => Rewinder)[] = [
  rewindToInitial,
  () => rewindTo({ epoch: 1 }),
  () => rewindTo({ step: 2 }),
  () => rewindTo({ step: 3 }),
  rewindLearningRate,
  fineTune,
  () => reinitialise({ seed: 4 }),
]

/** Three steps an epoch. */
function options(rewind: Rewinder): PruneOptions {
  const learningRate = (epoch: number) => 0.02 / (1 + epoch)
  return quickRun(data, {
    rewind,
    training: { epochs: 2, learningRate, optimizer: () => train.momentum(0.02, 0.9) },
  })
}

/** The seven rounds in one go. */
async function whole(rewind: Rewinder) {
  const model = smallNetwork()
  const { rounds } = await prune(model, options(rewind))
  const bits = weightBits(model)
  model.dispose()
  return { rounds, bits }
}

/** Three rounds, stored and brought back, and the other four in a model of other weights. */
async function interrupted(rewind: Rewinder) {
  const first = smallNetwork()
  const done: Round[] = []
  for await (const round of pruningRounds(first, options(rewind))) {
    done.push(round)
    if (done.length === 3) break
  }
  first.dispose()
  const second = smallNetwork(99)
  const { rounds } = await prune(second, { ...options(rewind), resume: structuredClone(done) })
  const bits = weightBits(second)
  second.dispose()
  return { rounds, bits }
}

const masksOf = (rounds: readonly Round[]) =>
  rounds.map(({ mask }) => mask.weights.map(({ values }) => values))

describe.each(REWINDERS.map((make) => [make().name, make] as const))(
  'prune with %s',
  (name, make) => {
    test(`prune with ${name} resumed after three rounds ends as the uninterrupted run does, to the last bit`, async () => {
      const before = memory().numTensors
      const [expected, resumed] = [await whole(make()), await interrupted(make())]
      expect(resumed.rounds.map(({ round }) => round)).toEqual([0, 1, 2, 3, 4, 5, 6])
      expect(masksOf(resumed.rounds)).toEqual(masksOf(expected.rounds))
      expect(resumed.bits).toEqual(expected.bits)
      expect(resumed.rounds.map(({ evaluation }) => evaluation)).toEqual(
        expected.rounds.map((round) => round.evaluation),
      )
      expect(memory().numTensors).toBe(before)
    })
  },
)

describe('prune with finished rounds', () => {
  let rounds: readonly Round[]
  let model: LayersModel
  beforeAll(async () => {
    model = smallNetwork()
    rounds = (await prune(model, quickRun(data, { schedule: [1, 0.5, 0.25] }))).rounds
  })
  afterAll(() => model.dispose())

  test('prune trains nothing when the rule is content with the finished rounds', async () => {
    const fresh = smallNetwork(5)
    const train = () => expect.unreachable('nothing is left to train')
    const stop = () => ({ stop: true, reason: 'enough', keep: 1 })
    const result = await prune(fresh, { ...quickRun(data), train, stop, resume: rounds })
    expect([result.kept?.round, result.rounds.length]).toEqual([1, 3])
    expect(result.reason).toMatch(/^enough/)
    const kept = result.kept!.mask.weights.map(({ kept: count }) => count)
    expect(fresh.getWeights(true).length).toBe(6)
    const alive = weightBits(fresh)['hidden/kernel']!.filter((bits) => bits !== 0).length
    expect(alive).toBe(kept[0])
    fresh.dispose()
  })

  test('prune applies the kept round when the schedule is at its end', async () => {
    const fresh = smallNetwork(5)
    const options = quickRun(data, { schedule: [1, 0.5, 0.25], resume: rounds })
    const result = await prune(fresh, {
      ...options,
      stop: falseNegativesAtMost(8),
    })
    expect([result.kept?.round, result.rounds.length]).toEqual([2, 3])
    expect(result.ended).toBe('the schedule is done')
    expect(weightBits(fresh)).toEqual(weightBits(model))
    fresh.dispose()
  })

  test.each<[readonly number[], string]>([
    [[1, 0.5], '(2 in all), got 3'],
    [[1], '(1 in all), got 3'],
    [[1, 0.6, 0.3], '(density 0.6), got round 1 (0.5)'],
  ])(
    'prune refuses rounds that the schedule %j does not have before it asks the rule',
    async (schedule, words) => {
      const fresh = smallNetwork(5)
      const before = weightBits(fresh)
      const stop = () => ({ stop: true, reason: 'enough', keep: 1 })
      const run = () => prune(fresh, quickRun(data, { schedule, stop, resume: rounds }))
      expect(await lateRefusalOf(run)).toBe(
        `RangeError: Cannot resume: expected rounds of this schedule ${words}`,
      )
      expect(weightBits(fresh)).toEqual(before)
      fresh.dispose()
    },
  )

  test('pruningRounds gives the model the last finished round where none is left', async () => {
    const fresh = smallNetwork(5)
    const options = quickRun(data, { schedule: [1, 0.5, 0.25], resume: rounds })
    for await (const _ of pruningRounds(fresh, options)) expect.unreachable('nothing is left')
    expect(weightBits(fresh)).toEqual(weightBits(model))
    fresh.dispose()
  })

  test('prune leaves the finished rounds that it was given as they are', async () => {
    const given = structuredClone(rounds.slice(0, 2))
    const fresh = smallNetwork(5)
    await prune(fresh, quickRun(data, { schedule: [1, 0.5, 0.25, 0.1], resume: given }))
    expect(given).toEqual(rounds.slice(0, 2))
    fresh.dispose()
  })
})
