import { ones, SGDOptimizer, tidy, train as trainers, zeros } from '@tensorflow/tfjs-core'
import { callbacks, type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import {
  denseTeacher,
  evaluateOn,
  fineTune,
  type Gather,
  movement,
  needing,
  type PruneOptions,
  prune,
  type Rewinder,
  rewindTo,
} from 'tfjs-prune'
import { falseNegativeBudget, squaredHingeRank, sumOf } from 'tfjs-prune/losses'
import { memoryStore, storeOf } from 'tfjs-prune/runs'
import { sparseTraining } from 'tfjs-prune/sparse/training'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { imbalancedSamples, type Samples, smallNetwork, weightBits } from '../prune/support.js'
import { lateRefusalOf, refusalOf } from '../support/refusal-of.js'
import { fillWeights } from '../support/weights.js'
import {
  mapFunctions,
  plainRound,
  type QuickOptions,
  runUntilEvent,
  runWithPoints,
  tensors,
} from './support.js'

let data: Samples
beforeAll(() => {
  data = imbalancedSamples(24)
})
afterAll(() => data.xs.dispose())

const run = (options: QuickOptions = {}) =>
  runWithPoints(data, { schedule: [1, 0.5, 0.25], ...options })

/** Runs to the end in one go, and in pieces that end after every epoch; both have to be the same. */
async function expectSameBits(make: () => PruneOptions, build: () => LayersModel = smallNetwork) {
  const before = tensors()
  const whole = build()
  const expected = await prune(whole, make())
  const store = memoryStore()
  let starts = 0
  for (let isDone = false; !isDone; starts++) {
    const model = build()
    let epochs = 0
    const rounds = await runUntilEvent(model, { ...make(), store }, (event) => {
      return event.kind === 'epoch-finished' && ++epochs === 2
    })
    isDone = rounds.length === expected.rounds.length
    if (isDone) {
      expect(rounds.map(plainRound)).toEqual(expected.rounds.map(plainRound))
      expect(weightBits(model)).toEqual(weightBits(whole))
    }
    model.dispose()
  }
  whole.dispose()
  expect(starts).toBeGreaterThan(expected.rounds.length)
  expect(tensors()).toBe(before)
}

test.each([
  ['sgd', () => trainers.sgd(0.02)],
  ['momentum', () => trainers.momentum(0.02, 0.9, true)],
  ['adam', () => trainers.adam(0.01)],
  ['rmsprop', () => trainers.rmsprop(0.01, 0.9, 0.5)],
  ['adagrad', () => trainers.adagrad(0.05)],
  ['adadelta', () => trainers.adadelta(0.5)],
])('prune goes on within a round to the same bits with %s', async (_name, optimizer) => {
  await expectSameBits(() => run({ training: { optimizer } }))
})

test.each<[string, () => Rewinder]>([
  ['rewindTo an epoch', () => rewindTo({ epoch: 2 })],
  ['rewindTo a step', () => rewindTo({ step: 4 })],
  ['fineTune', fineTune],
])('prune goes on within a round to the same bits with %s', async (_name, rewind) => {
  const optimizer = () => trainers.adam(0.01)
  const learningRate = (epoch: number) => 0.02 / (1 + epoch)
  await expectSameBits(() => run({ rewind: rewind(), training: { optimizer, learningRate } }))
})

test('prune goes on within a round with its best epoch so far', async () => {
  const best = () => ({
    evaluate: evaluateOn(data, { positiveClass: 1 }),
    metric: ({ loss }: { loss: number }) => Math.abs(loss - 0.4),
    direction: 'minimise' as const,
  })
  await expectSameBits(() => run({ training: { best: best() } }))
})

test.each([
  [
    'falseNegativeBudget',
    () => falseNegativeBudget({ positiveClass: 1, maximumFalseNegativeRate: 0, stepSize: 3 }),
  ],
  [
    'a sum with it',
    () =>
      sumOf(
        squaredHingeRank({ lambda: 1 }),
        falseNegativeBudget({ positiveClass: 1, maximumFalseNegativeRate: 0, stepSize: 3 }),
      ),
  ],
])('prune goes on within a round with the multipliers of %s', async (_name, loss) => {
  await expectSameBits(() => run({ training: { loss: loss() } }))
})

test('prune goes on within a round with the movement of its weights', async () => {
  await expectSameBits(() => run({ criterion: movement() }))
})

test('prune goes on within a round with the teacher of the dense round', async () => {
  await expectSameBits(() => run({ teach: denseTeacher() }))
})

test('prune goes on within a round of a network with batch normalisation', async () => {
  const build = () => {
    const hidden = layers.dense({ name: 'hidden', units: 8, inputShape: [6] })
    const norm = layers.batchNormalization({ name: 'norm' })
    const model = sequential({ layers: [hidden, norm, layers.dense({ name: 'out', units: 2 })] })
    fillWeights(model, 1)
    tidy(() => norm.setWeights([ones([8]), zeros([8]), zeros([8]), ones([8])]))
    return model
  }
  await expectSameBits(() => run(), build)
})

test.each([
  ['adam', () => trainers.adam(0.01)],
  ['momentum', () => trainers.momentum(0.02, 0.9)],
])('prune goes on within a round that a sparse engine trains with %s', async (_name, optimizer) => {
  const engine = () => sparseTraining({ when: 'always' })
  await expectSameBits(() => run({ training: { engine: engine(), optimizer } }))
})

test('prune tells the epochs of a round that goes on as those of one round', async () => {
  const store = memoryStore()
  const seen: string[] = []
  for (let i = 0; i < 6; i++) {
    const model = smallNetwork()
    let epochs = 0
    await runUntilEvent(model, { ...run({ schedule: [1] }), store }, (event) => {
      if (event.kind !== 'epoch-finished') return false
      seen.push(`${event.epoch} of ${event.epochs}`)
      return ++epochs === 1
    })
    model.dispose()
  }
  expect(seen).toEqual(['1 of 4', '2 of 4', '3 of 4', '4 of 4', '4 of 4', '4 of 4'])
})

test('prune keeps the state after every second epoch, and none after the last of a round', async () => {
  const functions = mapFunctions()
  const written: string[] = []
  const write = (entry: string, bytes: Uint8Array) => {
    written.push(entry)
    functions.entries.set(entry, bytes)
  }
  const model = smallNetwork()
  const training = { epochs: 4, checkpointEvery: 2 }
  await prune(model, {
    ...run({ schedule: [1, 0.5], training }),
    store: storeOf({ ...functions, write }),
  })
  model.dispose()
  expect(written).toEqual(['run', 'point', 'round-0', 'point', 'point', 'round-1', 'point'])
})

test('a store names a damaged point, and the run goes on at the start of the round without it', async () => {
  const functions = mapFunctions()
  const [first, second, whole] = [smallNetwork(), smallNetwork(), smallNetwork()]
  const stop = (event: { kind: string; round: number }) =>
    event.kind === 'epoch-finished' && event.round === 1
  await runUntilEvent(first, { ...run(), store: storeOf(functions) }, stop)
  const bytes = functions.entries.get('point')!
  functions.entries.set('point', bytes.slice(0, -1))
  const again = () => prune(second, { ...run(), store: storeOf(functions) })
  expect(await lateRefusalOf(again)).toMatch(
    /^RangeError: Cannot load point of a map: expected .*: without the entry point the run goes on at the start of its round$/,
  )
  functions.entries.delete('point')
  const expected = await prune(whole, run())
  expect((await again()).rounds.map(plainRound)).toEqual(expected.rounds.map(plainRound))
  for (const model of [first, second, whole]) model.dispose()
})

test('a store tells that a finished round is missing', async () => {
  const functions = mapFunctions()
  const model = smallNetwork()
  await prune(model, { ...run(), store: storeOf(functions) })
  functions.entries.delete('round-2')
  expect(await lateRefusalOf(() => prune(model, { ...run(), store: storeOf(functions) }))).toBe(
    'RangeError: Cannot load the run in a map: expected round-2, which was finished, got none',
  )
  model.dispose()
})

test('a store refuses another density for the round that is under way', async () => {
  const store = memoryStore()
  const model = smallNetwork()
  const stop = (event: { kind: string; round: number }) =>
    event.kind === 'epoch-finished' && event.round === 1
  await runUntilEvent(model, { ...run(), store }, stop)
  expect(await lateRefusalOf(() => prune(model, { ...run({ schedule: [1, 0.4] }), store }))).toBe(
    'RangeError: Cannot resume: expected rounds of this schedule (density 0.4), got round 1 (0.5)',
  )
  model.dispose()
})

class OwnOptimizer extends SGDOptimizer {}

test.each<[string, QuickOptions, string]>([
  [
    'Adamax, whose state tfjs does not tell',
    { training: { optimizer: () => trainers.adamax(0.01) } },
    'got Adamax: leave checkpointEvery out',
  ],
  [
    'an optimizer of the caller',
    { training: { optimizer: () => new OwnOptimizer(0.01) } },
    'expected a stock optimizer',
  ],
  [
    'a loss of the caller with an update step and no memory',
    {
      training: {
        loss: Object.assign(
          falseNegativeBudget({ positiveClass: 1, maximumFalseNegativeRate: 0 }).bind(null),
          { update: () => {}, settings: { positiveClass: 1 } },
        ),
      },
    },
    'expected a loss with a memory of its update steps',
  ],
  [
    'movement that cannot be restored',
    { criterion: ownMovement() },
    'expected movement that can be restored',
  ],
])('fit refuses checkpointEvery with %s before a weight changes', async (_name, options, words) => {
  const model = smallNetwork()
  const before = weightBits(model)
  const seen: string[] = []
  const onProgress: PruneOptions['onProgress'] = ({ kind }) => void seen.push(kind)
  const store = memoryStore()
  expect(await lateRefusalOf(() => prune(model, { ...run(options), store, onProgress }))).toContain(
    words,
  )
  expect(seen).toEqual(['round-started'])
  expect(weightBits(model)).toEqual(before)
  model.dispose()
})

/** The movement of the library, whose sums do not take values. */
function ownMovement() {
  const { gather } = movement()
  const own: Gather = Object.assign((...args: Parameters<Gather>) => gather!(...args), gather, {
    movement: (...args: Parameters<NonNullable<Gather['movement']>>) => {
      const { restore: _, ...sums } = gather!.movement!(...args)!
      return sums
    },
  })
  return Object.assign(
    needing(['movement'], ({ movement: sums }) => sums!),
    { gather: own },
  )
}

test('fit refuses checkpointEvery beside callbacks that have a state of their own', () => {
  const stopping = { callbacks: callbacks.earlyStopping({ monitor: 'loss' }) }
  expect(refusalOf(() => run({ training: stopping }))).toBe(
    'RangeError: Cannot train: expected callbacks of plain hooks beside checkpointEvery, got EarlyStopping',
  )
  run({ training: { callbacks: { onEpochEnd: () => {} } } })
})

test('fit refuses a count of epochs that is none', () => {
  expect(() => run({ training: { checkpointEvery: 0 } })).toThrow(
    'Cannot train: expected checkpointEvery to be a whole number of at least 1, got 0',
  )
})

test('prune begins a round anew in a training function that keeps no points', async () => {
  const store = memoryStore()
  const settings = run().train.settings!
  const model = smallNetwork()
  await runUntilEvent(model, { ...run(), store }, ({ kind }) => kind === 'epoch-finished')
  const froms: unknown[] = []
  const train = Object.assign(
    (context: { points?: unknown }) => {
      froms.push(context.points)
    },
    { settings },
  )
  await prune(model, { ...run({ schedule: [1] }), train, store })
  expect(froms).toEqual([undefined])
  model.dispose()
})
