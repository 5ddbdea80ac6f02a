import { train as trainers } from '@tensorflow/tfjs-core'
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import { evaluateOn, type PruningError, type PruningEvent, prune, reinitialise } from 'tfjs-prune'
import { loadRounds, memoryStore, storeOf } from 'tfjs-prune/runs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { imbalancedSamples, type Samples, smallNetwork, weightBits } from '../prune/support.js'
import { lateRefusalOf } from '../support/refusal-of.js'
import { fillWeights } from '../support/weights.js'
import {
  mapFunctions,
  plainRound,
  type QuickOptions,
  runUntilEvent,
  runWithPoints,
} from './support.js'

let data: Samples
beforeAll(() => {
  data = imbalancedSamples(24)
})
afterAll(() => data.xs.dispose())

const run = (options: QuickOptions = {}) => runWithPoints(data, { schedule: [1, 0.5], ...options })

const atEpoch = (epoch: number) => (event: PruningEvent) =>
  event.kind === 'epoch-finished' && event.round === 0 && event.epoch === epoch

/** A network whose layers are named by tfjs: by other numbers each time. */
const namelessNetwork = () =>
  fillWeights(
    sequential({
      layers: [layers.dense({ units: 8, inputShape: [6] }), layers.dense({ units: 2 })],
    }),
    1,
  )

test('prune goes on by position with the best epoch that came before', async () => {
  // The first epoch is the best one: its weights come back at the end of the round.
  const best = () => {
    const losses: number[] = []
    const metric = ({ loss }: { loss: number }) => -losses.push(loss)
    return {
      evaluate: evaluateOn(data, { positiveClass: 1 }),
      metric,
      direction: 'maximise',
    } as const
  }
  const model = namelessNetwork()
  const schedule = [1]
  await prune(model, run({ schedule, training: { best: best() } }))
  const expected = Object.values(weightBits(model))
  const store = memoryStore({ layers: 'byPosition' })
  const training = { best: best() }
  const interrupted = namelessNetwork()
  await runUntilEvent(interrupted, { ...run({ schedule, training }), store }, atEpoch(2))
  const resumed = namelessNetwork()
  await prune(resumed, { ...run({ schedule, training }), store })
  expect(Object.values(weightBits(resumed))).toEqual(expected)
  for (const one of [model, interrupted, resumed]) one.dispose()
})

test('prune trains round 0 from the stored W0, not from the model, if no point is left', async () => {
  const functions = mapFunctions()
  const store = storeOf(functions, { initial: 'stored' })
  const [model, interrupted, other] = [smallNetwork(5), smallNetwork(5), smallNetwork(9)]
  const { rounds } = await prune(model, run())
  await runUntilEvent(interrupted, { ...run(), store }, atEpoch(2))
  expect(functions.entries.delete('point')).toBe(true)
  const resumed = await prune(other, { ...run(), store })
  expect(resumed.rounds.map(plainRound)).toEqual(rounds.map(plainRound))
  for (const one of [model, interrupted, other]) one.dispose()
})

test('prune ends a round where a callback ended it before the run broke off', async () => {
  const stopping = (model: LayersModel) => ({
    callbacks: {
      onEpochEnd: (epoch: number) => {
        if (epoch === 1) model.stopTraining = true
      },
    },
  })
  const [model, interrupted, resumed] = [smallNetwork(), smallNetwork(), smallNetwork()]
  const { rounds } = await prune(model, run({ training: stopping(model) }))
  const store = memoryStore()
  const options = (one: LayersModel) => ({ ...run({ training: stopping(one) }), store })
  await runUntilEvent(interrupted, options(interrupted), atEpoch(2))
  const again = await prune(resumed, options(resumed))
  expect(again.rounds.map(plainRound)).toEqual(rounds.map(plainRound))
  for (const one of [model, interrupted, resumed]) one.dispose()
})

test('prune goes on with the same model after a write that failed, and loses no round', async () => {
  const functions = mapFunctions()
  let isFull = true
  const store = storeOf({
    ...functions,
    write: (entry, bytes) => {
      if (entry === 'round-1' && isFull) throw new Error('the disk is full')
      return functions.write(entry, bytes)
    },
  })
  const model = smallNetwork()
  const failure = await prune(model, { ...run(), store }).catch((error: unknown) => error)
  expect((failure as PruningError).message).toContain('the disk is full')
  expect((failure as PruningError).rounds).toHaveLength(2)
  isFull = false
  const { rounds } = await prune(model, { ...run(), store })
  expect(rounds.map(plainRound)).toEqual((failure as PruningError).rounds.map(plainRound))
  model.dispose()
})

test('loadRounds gives the rounds that were there, whatever is written meanwhile', async () => {
  const functions = mapFunctions()
  const model = smallNetwork()
  await prune(model, { ...run(), store: storeOf(functions) })
  const point = functions.entries.get('point')
  expect(point).toBeDefined()
  const isLate = (entry: string) => entry === 'round-1'
  const read = (entry: string) => (isLate(entry) ? undefined : functions.entries.get(entry))
  expect(await loadRounds(storeOf({ ...functions, read }))).toHaveLength(1)
  model.dispose()
})

test('storeOf refuses a lock without a release before anything is trained', async () => {
  const model = smallNetwork()
  const before = weightBits(model)
  const lock = (() => undefined) as never
  const store = storeOf({ ...mapFunctions(), lock })
  expect(await lateRefusalOf(() => prune(model, { ...run(), store }))).toBe(
    'TypeError: Cannot store the run: expected lock to give a function, got undefined',
  )
  expect(weightBits(model)).toEqual(before)
  model.dispose()
})

test('prune refuses a store of another seed, direction or optimizer', async () => {
  const best = (direction: 'maximise' | 'minimise') => ({
    evaluate: evaluateOn(data, { positiveClass: 1 }),
    metric: ({ accuracy }: { accuracy: number }) => accuracy,
    direction,
  })
  const pairs: [QuickOptions, QuickOptions, RegExp][] = [
    [
      { rewind: reinitialise({ seed: 1 }) },
      { rewind: reinitialise({ seed: 2 }) },
      /reinitialise\(seed 1\)/,
    ],
    [
      { training: { best: best('maximise') } },
      { training: { best: best('minimise') } },
      /training|best/,
    ],
    [
      { training: { optimizer: () => trainers.adam(0.01) } },
      { training: { optimizer: () => trainers.rmsprop(0.01) } },
      /the state of RMSProp in the stored point, got that of Adam/,
    ],
  ]
  for (const [first, second, message] of pairs) {
    const [model, other, store] = [smallNetwork(), smallNetwork(), memoryStore()]
    await runUntilEvent(model, { ...run(first), store }, atEpoch(2))
    expect(await lateRefusalOf(() => prune(other, { ...run(second), store }))).toMatch(message)
    model.dispose()
    other.dispose()
  }
})
