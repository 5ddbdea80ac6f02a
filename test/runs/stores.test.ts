import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  fineTune,
  type PruneOptions,
  prune,
  pruningRounds,
  type Rewinder,
  reinitialise,
  rewindTo,
  rewindToInitial,
} from 'tfjs-prune'
import { type EntryStore, folderStore, memoryStore, storeOf } from 'tfjs-prune/runs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  imbalancedSamples,
  quickRun,
  type Samples,
  smallNetwork,
  weightBits,
} from '../prune/support.js'
import { mapFunctions, plainRound, runUntilEvent, tensors } from './support.js'

let data: Samples
const folders: string[] = []
beforeAll(() => {
  data = imbalancedSamples(24)
})
afterAll(() => {
  data.xs.dispose()
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

const schedule = [1, 0.5, 0.25, 0.1]
const run = (options: Parameters<typeof quickRun>[1] = {}): PruneOptions =>
  quickRun(data, { schedule, ...options })

function newFolder(): string {
  folders.push(mkdtempSync(join(tmpdir(), 'tfjs-prune-run-')))
  return folders.at(-1)!
}

const STORES: readonly [string, () => () => EntryStore][] = [
  [
    'memoryStore',
    () => {
      const store = memoryStore()
      return () => store
    },
  ],
  [
    'folderStore',
    () => {
      const folder = newFolder()
      return () => folderStore(folder)
    },
  ],
  [
    'storeOf',
    () => {
      const functions = mapFunctions()
      return () => storeOf(functions)
    },
  ],
]

const REWINDERS: readonly [string, () => Rewinder][] = [
  ['rewindToInitial', rewindToInitial],
  ['rewindTo an epoch', () => rewindTo({ epoch: 1 })],
  ['fineTune', fineTune],
  ['reinitialise', () => reinitialise({ seed: 4 })],
]

test.each(
  STORES.flatMap(([store, open]) => REWINDERS.map(([name, make]) => ({ store, open, name, make }))),
)(
  'prune with $store and $name, ended after each round, gives the rounds of one run to the bit',
  async ({ open, make }) => {
    const before = tensors()
    const whole = smallNetwork()
    const expected = await prune(whole, run({ rewind: make() }))
    const store = open()
    for (let round = 0; round < schedule.length; round++) {
      const model = smallNetwork()
      const options = { ...run({ rewind: make() }), store: store() }
      await runUntilEvent(model, options, (event) => event.kind === 'round-finished')
      model.dispose()
    }
    const model = smallNetwork()
    const never = () => expect.unreachable('all rounds are stored')
    const train = Object.assign(never, run().train)
    const { rounds } = await prune(model, { ...run({ rewind: make() }), train, store: store() })
    expect(rounds.map(plainRound)).toEqual(expected.rounds.map(plainRound))
    expect(weightBits(model)).toEqual(weightBits(whole))
    for (const round of rounds) expect(round.initial).toBe(rounds[0]!.initial)
    for (const round of rounds) expect(round.checkpoint).toBe(rounds[0]!.checkpoint)
    model.dispose()
    whole.dispose()
    expect(tensors()).toBe(before)
  },
)

test('prune with a store goes on in the same model after a failure in a round', async () => {
  const [model, whole] = [smallNetwork(), smallNetwork()]
  const store = memoryStore()
  await runUntilEvent(
    model,
    { ...run(), store },
    (event) => event.kind === 'epoch-finished' && event.round === 2,
  )
  const { rounds } = await prune(model, { ...run(), store })
  const expected = await prune(whole, run())
  expect(rounds.map(plainRound)).toEqual(expected.rounds.map(plainRound))
  model.dispose()
  whole.dispose()
})

test('prune saves a round before it tells that the round is finished', async () => {
  const model = smallNetwork()
  const functions = mapFunctions()
  const seen: string[][] = []
  await prune(model, {
    ...run(),
    store: storeOf(functions),
    onProgress: (event) => {
      if (event.kind === 'round-finished') seen.push([...functions.entries.keys()])
    },
  })
  expect(
    seen.map((entries) =>
      entries.includes(`round-${entries.filter((one) => one.startsWith('round')).length - 1}`),
    ),
  ).toEqual([true, true, true, true])
  model.dispose()
})

test('pruningRounds with a store gives the rounds that are left, and lets the next writer in', async () => {
  const store = memoryStore()
  const model = smallNetwork()
  const given: number[] = []
  for await (const { round } of pruningRounds(model, { ...run(), store })) {
    given.push(round)
    if (round === 1) break
  }
  for await (const { round } of pruningRounds(model, { ...run(), store })) given.push(round)
  expect(given).toEqual([0, 1, 2, 3])
  model.dispose()
})

test('prune with a store takes another stopping rule, which only reads the rounds', async () => {
  const store = memoryStore()
  const model = smallNetwork()
  await prune(model, { ...run(), store })
  const stop = () => ({ stop: true, reason: 'enough', keep: 1 })
  const { kept, rounds } = await prune(model, { ...run(), store, stop })
  expect([kept?.round, rounds.length]).toEqual([1, 4])
  model.dispose()
})

test('prune with a store keeps the dense round of another run as its own', async () => {
  const [first, second] = [smallNetwork(), smallNetwork()]
  const { rounds } = await prune(first, run({ schedule: [1] }))
  const store = memoryStore()
  await runUntilEvent(
    second,
    { ...run(), dense: rounds[0]!, store },
    ({ kind }) => kind === 'round-started',
  )
  const again = await prune(second, { ...run(), dense: rounds[0]!, store })
  expect(again.rounds.map(plainRound)[0]).toEqual(plainRound(rounds[0]!))
  expect(again.rounds.length).toBe(4)
  for (const model of [first, second]) model.dispose()
})

test('folderStore leaves one file for each entry and nothing else', async () => {
  const folder = newFolder()
  const model = smallNetwork()
  await prune(model, { ...run(), store: folderStore(folder) })
  const files = ['point.bin', 'round-0.bin', 'round-1.bin', 'round-2.bin', 'round-3.bin', 'run.bin']
  expect(readdirSync(folder).sort()).toEqual(files)
  model.dispose()
})
