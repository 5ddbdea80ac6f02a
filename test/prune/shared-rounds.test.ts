import { mul, tensor1d } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import {
  fineTune,
  type Granularity,
  globally,
  magnitude,
  movement,
  type PruneOptions,
  PruningError,
  prune,
  type Round,
  random,
  reinitialise,
  rewindTo,
  units,
} from 'tfjs-prune'
import { ledger } from 'tfjs-prune/metrics'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lateRefusalOf } from '../support/refusal-of.js'
import { imbalancedSamples, quickRun, type Samples, smallNetwork, weightBits } from './support.js'

const schedule = [1, 0.5, 0.25]
let data: Samples
let rounds: readonly Round[]
beforeAll(async () => {
  data = imbalancedSamples(24)
  rounds = await run({ criterion: random({ seed: 1 }) })
})
afterAll(() => data.xs.dispose())

async function run(
  options: Parameters<typeof quickRun>[1],
  model: LayersModel = smallNetwork(),
): Promise<readonly Round[]> {
  return (await prune(model, quickRun(data, { schedule, ...options }))).rounds
}

const plain = (round: Round) => ({ ...round, seconds: 0, made: 0, checkpoint: 0 })

test.each<[string, Partial<PruneOptions> & Parameters<typeof quickRun>[1], string]>([
  ['another schedule', { schedule: [1, 0.6, 0.3] }, 'schedule (density 0.6), got round 1 (0.5)'],
  ['another criterion', { criterion: magnitude() }, 'criterion, got round 1 of another'],
  ['another seed', { criterion: random({ seed: 2 }) }, 'criterion, got round 1 of another'],
  ['another allocation', { allocate: globally() }, 'allocation, got round 1 of another'],
  ['another granularity', { granularity: units() }, 'granularity, got round 1 of another'],
  ['another training', { training: { seed: 9 } }, 'training, got round 1 of another'],
])('prune refuses to resume rounds of %s', async (_name, options, message) => {
  const resume = JSON.parse(JSON.stringify(rounds.map(({ made }) => made ?? null)))
  const stored = structuredClone(rounds.slice(0, 2)).map((round, i) =>
    resume[i] ? { ...round, made: resume[i] } : round,
  )
  const changed = { criterion: random({ seed: 1 }), ...options, resume: stored }
  expect(await lateRefusalOf(() => run(changed))).toBe(
    `RangeError: Cannot resume: expected rounds of this ${message}`,
  )
})

const limited = (maximumDensity: number) => {
  return { limits: [{ include: 'hidden/kernel', maximumDensity }] }
}

test.each<[string, Partial<PruneOptions>, string]>([
  ['another combination', { granularity: units({ combine: 'norm' }) }, 'grouping'],
  ['units that do not go whole', { granularity: units({ whole: false }) }, 'grouping'],
  ['units of an axis', { granularity: units({ axis: -1 }) }, 'grouping'],
  ['another limit', { select: limited(0.6) }, 'selection'],
])('prune refuses to resume rounds of units with %s', async (_name, changed, piece) => {
  const options = { criterion: magnitude(), granularity: units(), select: limited(0.9) }
  const begun = await run({ ...options, schedule: [1, 0.5] })
  expect(begun[1]!.made).toEqual(structuredClone(begun[1]!.made))
  expect(await lateRefusalOf(() => run({ ...options, ...changed, resume: begun }))).toBe(
    `RangeError: Cannot resume: expected rounds of this ${piece}, got round 1 of another`,
  )
  const { grouping: _, selection: __, ...older } = begun[1]!.made!
  const resume = [begun[0]!, { ...begun[1]!, made: older }]
  expect((await run({ ...options, ...changed, resume })).length).toBe(3)
})

/** Pairs of elements: neighbours, or those of the two halves of a weight. */
const pairs = (areFar: (name: string) => boolean): Granularity => ({
  name: 'pairs',
  grains: ({ name, shape }) => {
    const size = shape.reduce((product, side) => product * side, 1)
    const of = Int32Array.from({ length: size }, (_, i) =>
      areFar(name) ? i % (size / 2) : Math.floor(i / 2),
    )
    return { count: size / 2, of }
  },
})

test('prune refuses to resume rounds of other groups of as many elements', async () => {
  const options = { criterion: magnitude(), granularity: pairs(() => false) }
  const begun = await run({ ...options, schedule: [1, 0.5] })
  const granularity = pairs((name) => name === 'out/kernel')
  expect(await lateRefusalOf(() => run({ ...options, granularity, resume: begun }))).toBe(
    'RangeError: Cannot resume: expected rounds of this grouping, got round 1 of another',
  )
})

test('prune resumes rounds of the same pieces, and rounds that do not tell theirs', async () => {
  const criterion = random({ seed: 1 })
  const old = rounds.slice(0, 2).map(({ made: _, ...round }) => round)
  for (const resume of [rounds.slice(0, 2), old]) {
    const resumed = await run({ criterion, resume })
    expect(plain(resumed[2]!)).toEqual(plain(rounds[2]!))
  }
})

test('prune goes on from the rounds that the error of an abort carries, to the same bits', async () => {
  const [whole, cut] = [smallNetwork(), smallNetwork()]
  const expected = await run({}, whole)
  const abort = new AbortController()
  const onProgress: PruneOptions['onProgress'] = (event) => {
    if (event.kind === 'round-started' && event.round === 2) abort.abort()
  }
  const error = await run({ signal: abort.signal, onProgress }, cut).catch((caught) => caught)
  expect(error).toBeInstanceOf(PruningError)
  expect([error.name, error.cause, error.rounds.length]).toEqual([
    'AbortError',
    abort.signal.reason,
    2,
  ])
  const resumed = await run({ resume: structuredClone(error.rounds) }, smallNetwork(4))
  expect(resumed.map(plain)).toEqual(expected.map(plain))
  for (const model of [whole, cut]) model.dispose()
})

test('two runs with one signal fail with errors of their own', async () => {
  const abort = new AbortController()
  let finished = 0
  const onProgress: NonNullable<PruneOptions['onProgress']> = (event) => {
    if (event.kind === 'round-finished' && event.round === 0 && ++finished === 2) abort.abort()
  }
  const { train } = quickRun(data)
  const aborted = new Promise((resolve) => abort.signal.addEventListener('abort', resolve))
  const waiting: PruneOptions['train'] = async (context) => {
    if (context.round > 0) await aborted // or one run may end before the other's first round
    return train(context)
  }
  const options = { train: waiting, signal: abort.signal, onProgress }
  const start = () => run(options).catch((caught) => caught)
  const runs = [start(), start()]
  const [first, second] = await Promise.all(runs)
  expect(first.rounds).not.toBe(second.rounds)
  expect(first.rounds[0].trained).not.toBe(second.rounds[0].trained)
})

test.each<[string, Parameters<typeof quickRun>[1]]>([
  ['another criterion', { criterion: magnitude() }],
  ['another rewinder', { rewind: reinitialise({ seed: 4 }), criterion: magnitude() }],
  ['another selection', { select: { include: 'middle' } }],
  ['another allocation and granularity', { allocate: globally(), granularity: units() }],
])(
  'prune takes the dense round of another run, with %s: as if it had trained it',
  async (_name, options) => {
    const [alone, sharing] = [smallNetwork(), smallNetwork(7)]
    const expected = await run(options, alone)
    const shared = await run({ ...options, dense: structuredClone(rounds[0]!) }, sharing)
    expect(shared.map(plain)).toEqual(expected.map(plain))
    expect(weightBits(sharing)).toEqual(weightBits(alone))
    const resumed = await run({ ...options, resume: shared.slice(0, 2) })
    expect(plain(resumed[2]!)).toEqual(plain(expected[2]!))
  },
)

test('prune takes the dense round of a run that captured what the rewinder asks for', async () => {
  const captured = (await run({ rewind: rewindTo({ epoch: 1 }) }))[0]!
  const back = { rewind: rewindTo({ epoch: 1 }), criterion: magnitude() }
  expect((await run({ ...back, dense: captured })).map(plain)).toEqual((await run(back)).map(plain))
  const start = (await run({ dense: captured }))[2]!
  expect(plain(start)).toEqual(plain((await run({}))[2]!))
})

test.each<[string, Parameters<typeof quickRun>[1], string]>([
  [
    'a checkpoint',
    { rewind: rewindTo({ step: 2 }) },
    'Cannot take the dense round: expected one that holds {"step":2} for rewindTo(step 2), got another',
  ],
  [
    'the movement',
    { criterion: movement() },
    'Cannot take the dense round: expected one that holds the movement for the criterion, got another',
  ],
  [
    "the optimizer's state",
    { rewind: fineTune() },
    "Cannot take the dense round: expected one that holds the optimizer's state for fineTune, got another",
  ],
])('prune refuses a dense round without %s', async (_name, options, message) => {
  const refused = () => run({ ...options, dense: rounds[0]! })
  expect(await lateRefusalOf(refused)).toBe(`RangeError: ${message}`)
})

test('prune refuses a sparse round as the dense one, and dense beside resume', async () => {
  expect(await lateRefusalOf(() => run({ dense: rounds[1]! }))).toBe(
    'RangeError: Cannot take the dense round: expected round 0 of a run, with all its weights, got another value',
  )
  expect(await lateRefusalOf(() => run({ dense: rounds[0]!, resume: rounds.slice(0, 1) }))).toBe(
    'RangeError: Cannot prune: expected resume or dense, got both',
  )
})

test('prune flags a network that calls every sample one class, in its report and the reason', async () => {
  const model = smallNetwork()
  const result = await prune(model, {
    ...quickRun(data, { schedule: [1] }),
    train: ({ model: trained }) => {
      const out = trained.getLayer('out')
      const [kernel, bias] = out.getWeights()
      out.setWeights([mul(kernel!, 0), mul(bias!, 0)])
    },
  })
  expect(result.rounds[0]!.collapsed).toBe('it calls every sample class 1')
  expect(result.reason).toBe(
    'round 0 is the last; round 0 is collapsed: it calls every sample class 1',
  )
  model.dispose()
})

test('prune names collapsed rounds that are not kept, and tells the recalls of each round', async () => {
  const model = smallNetwork()
  const { rounds, reason } = await prune(model, {
    ...quickRun(data, { schedule: [1, 0.5, 0.25], criterion: magnitude() }),
    train: ({ model: trained, round }) => {
      const out = trained.getLayer('out')
      const [kernel] = out.getWeights()
      const bias = tensor1d([-100, 100])
      if (round > 0) out.setWeights([kernel!, bias])
      bias.dispose()
    },
    stop: () => ({ stop: false, reason: 'the dense one', keep: 0 }),
  })
  expect(reason).toMatch(/^the dense one.*; collapsed and not kept: round 1, 2$/)
  const { recalls, worstClass } = rounds[2]!
  expect(recalls?.map(({ recall }) => recall)).toEqual([0, 1])
  expect(worstClass).toMatchObject({ class: 0, recall: 0 })
  const rows = ledger(rounds)
  expect(rows[2]).toMatchObject({
    ...{ worstClass: 0, worstRecall: 0 },
    collapsed: 'it calls every sample class 1',
  })
  model.dispose()
})
