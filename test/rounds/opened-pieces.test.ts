import { train } from '@tensorflow/tfjs-core'
import { auditHarm } from 'tfjs-prune/audit'
import { memorySweep, sweep } from 'tfjs-prune/sweep'
import { describe, expect, it, test } from 'vitest'
import { evaluateOn, fit, type PruningOptions, prune } from '../../src/index.js'
import { memoryStore } from '../../src/runs/index.js'
import { weightBits } from '../prune/support.js'
import { lateRefusalOf } from '../support/refusal-of.js'
import { smallModel } from '../support/small-models.js'

const data = {
  xs: [
    [1, 2, 3, 4],
    [4, 3, 2, 1],
  ],
  ys: [0, 1],
}
const nothings: Record<string, unknown> = {
  nothing: undefined,
  null: null,
  'a text': 'opened',
  'an empty object': {},
}

/** The functions that a piece of the caller's opens something with, by the task of their errors. */
const openers: Record<string, (opened: never) => Partial<PruningOptions>> = {
  'Cannot prune: expected open of the store to give an object with rounds, save, savePoint, close':
    (opened) => ({ store: { open: async () => opened } }),
  'Cannot prune: expected open of teach to give an object with teacher': (opened) => ({
    teach: { open: () => opened },
  }),
  'Cannot evaluate: expected open of the engine to give an object with dispose': (opened) => ({
    evaluate: evaluateOn(data, { positiveClass: 1, engine: { open: async () => opened } }),
  }),
  'Cannot train: expected openTraining of the engine to give an object with dispose': (opened) => {
    const engine = { openTraining: async () => opened }
    return { train: fit(data, { optimizer: () => train.sgd(0.1), epochs: 1, engine }) }
  },
}

describe.each(Object.keys(openers))('%s', (words) => {
  it.each(Object.keys(nothings))('got %s', async (kind) => {
    const model = smallModel()
    const before = weightBits(model)
    const run = {
      train: fit(data, { optimizer: () => train.sgd(0.1), epochs: 1 }),
      evaluate: evaluateOn(data, { positiveClass: 1 }),
      schedule: [1, 0.5],
    }
    const options = { ...run, ...openers[words]!(nothings[kind] as never) }
    const got = '(undefined|null|"opened"|one with undefined as \\w+)'
    expect(await lateRefusalOf(() => prune(model, options))).toMatch(
      new RegExp(`^TypeError: ${words}, got ${got}$`),
    )
    expect(weightBits(model)).toEqual(before)
    model.dispose()
  })
})

test('prune closes a store that opens a run without a function', async () => {
  const model = smallModel()
  let closed = 0
  const close = async () => {
    closed++
    throw new Error('closed')
  }
  const store = {
    open: async () => ({ initial: {}, rounds: [], savePoint: close, close }) as never,
  }
  const run = {
    train: fit(data, { optimizer: () => train.sgd(0.1), epochs: 1 }),
    evaluate: evaluateOn(data, { positiveClass: 1 }),
    schedule: [1, 0.5],
  }
  expect(await lateRefusalOf(() => prune(model, { ...run, store }))).toMatch(
    /got one with undefined as save$/,
  )
  expect(closed).toBe(1)
  expect((await prune(model, { ...run, store: memoryStore() })).rounds).toHaveLength(2)
  model.dispose()
})

test('auditHarm and sweep name an engine and a store that open nothing', async () => {
  const [model, other] = [smallModel(), smallModel()]
  const engine = { open: async () => undefined as never }
  expect(await lateRefusalOf(() => auditHarm(model, other, { data, engine }))).toMatch(
    /^TypeError: Cannot audit: expected open of the engine to give an object with dispose, got und/,
  )
  model.dispose()
  other.dispose()
  const store = { ...memorySweep(), open: async () => ({ finished: [] }) as never }
  const module = () => ({})
  const job = { point: {}, seed: 0, key: 'a' } as never
  expect(await lateRefusalOf(() => sweep([job], { module, store } as never))).toMatch(
    /^TypeError: Cannot .+: expected open of the store to give an object with finished, save, close, /,
  )
})
