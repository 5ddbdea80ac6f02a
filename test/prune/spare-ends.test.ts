import { memory, tensor2d } from '@tensorflow/tfjs-core'
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import {
  type Allocator,
  geometric,
  globally,
  gradualPruner,
  inGroups,
  lamp,
  magnitude,
  magnitudeIncrease,
  nOfM,
  type PruneOptions,
  paper,
  perLayer,
  prune,
  pruningRounds,
  type Round,
  units,
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

/** Dense 6-10, 10-20, 20-8 and 8-2 (relu): 60 + 200 + 160 + 16 elements, 76 at the ends. */
function network(seed = 1): LayersModel {
  const dense = (name: string, size: number, given = {}) =>
    layers.dense({ name, units: size, activation: 'relu', ...given })
  const all = [dense('a', 10, { inputShape: [6] }), dense('b', 20), dense('c', 8)]
  return fillWeights(sequential({ layers: [...all, layers.dense({ name: 'd', units: 2 })] }), seed)
}

const countsOf = ({ mask }: Round) => mask.weights.map(({ kept }) => kept)

async function run(options: Partial<PruneOptions>, model = network()) {
  const tensors = memory().numTensors
  const result = await prune(model, quickRun(data, { schedule: [1, 0.5, 0.25], ...options }))
  expect(memory().numTensors).toBe(tensors)
  const bits = weightBits(model)
  model.dispose()
  return { ...result, bits }
}

/** What both ways of pruning say before training. */
async function refusal(options: Partial<PruneOptions>): Promise<string> {
  const model = network()
  const before = weightBits(model)
  const train = () => expect.unreachable('nothing is trained')
  const complete = { ...quickRun(data, { spareEnds: true, ...options }), train }
  const message = await lateRefusalOf(() => prune(model, complete))
  expect(await lateRefusalOf(() => pruningRounds(model, complete).next())).toBe(message)
  expect(weightBits(model)).toEqual(before)
  model.dispose()
  return message
}

describe('prune with spareEnds', () => {
  test('prune keeps the ends whole and the density exact, and reports tell it', async () => {
    const { rounds, reason } = await run({ spareEnds: true })
    expect(rounds.map(countsOf)).toEqual([
      [60, 200, 160, 16],
      [60, 79, 63, 16],
      [60, 18, 15, 16],
    ])
    expect(rounds.map(({ kept }) => kept)).toEqual([436, 218, 109])
    expect(rounds.map(({ spared }) => spared)).toEqual([
      undefined,
      ['a/kernel', 'd/kernel'],
      ['a/kernel', 'd/kernel'],
    ])
    const starved = [
      { name: 'b/kernel', kept: 18, units: 20, perUnit: 0.9 },
      { name: 'c/kernel', kept: 15, units: 8, perUnit: 1.875 },
    ]
    expect(rounds.map((round) => round.starved)).toEqual([undefined, undefined, starved])
    expect(rounds.map(({ made }) => made?.spareEnds)).toEqual([
      undefined,
      ['a/kernel', 'd/kernel'],
      ['a/kernel', 'd/kernel'],
    ])
    expect(reason).toContain(
      '; whole by spareEnds: a/kernel, d/kernel; starved (fewer than 2 weights a unit): b/kernel (18 for 20), c/kernel (15 for 8)',
    )
    expect(JSON.parse(JSON.stringify(rounds[2]!.starved))).toEqual(starved)
    expect(structuredClone(rounds)).toEqual(rounds)
  })

  test.each<[string, Allocator]>([
    ['globally', globally()],
    ['lamp', lamp()],
    ['inGroups', inGroups([{ include: ['a', 'b'] }], perLayer())],
  ])('prune keeps the density exact round by round with %s', async (_, allocate) => {
    const { rounds } = await run({ spareEnds: true, allocate, criterion: magnitude() })
    expect(rounds.map(({ kept }) => kept)).toEqual([436, 218, 109])
    for (const round of rounds) expect([countsOf(round)[0], countsOf(round)[3]]).toEqual([60, 16])
  })

  test('prune leaves whole units of the ends', async () => {
    const { rounds } = await run({ spareEnds: true, granularity: units(), schedule: [1, 0.5] })
    expect(countsOf(rounds[1]!)).toEqual([60, 6 * 10, 2 * 20, 16])
  })

  test('prune names the poorest three kernels and counts the others', async () => {
    const { reason } = await run({ schedule: [1, 0.05] })
    expect(reason).toMatch(
      /; starved \(fewer than 2 weights a unit\): a\/kernel \(3 for 10\), b\/kernel \(10 for 20\), d\/kernel \(1 for 2\), 1 more$/,
    )
  })

  test('prune ends an endless schedule where the ends leave no more room', async () => {
    const schedule = (round: number) => 0.5 ** round
    const { rounds, ended } = await run({ schedule, spareEnds: true })
    expect(rounds.map(({ kept }) => kept)).toEqual([436, 218, 109])
    expect(ended).toBe('nothing is left to prune')
  })

  test('prune goes on from a sparse model, whose ends stay as they are', async () => {
    const plain = await run({ schedule: [1, 0.5] })
    const model = network()
    const previous = plain.rounds[1]!.mask
    const { rounds } = await run({ previous, spareEnds: true, schedule: [1, 0.2] }, model)
    // 87 of 436: 30 + 8 at the ends, where the whole ends would be 76.
    expect(rounds.map(({ kept }) => kept)).toEqual([218, 87])
    expect([countsOf(rounds[1]!)[0], countsOf(rounds[1]!)[3]]).toEqual([30, 8])
  })
})

describe('prune with spareEnds before any weight changes', () => {
  const least = 'a/kernel, d/kernel and the least of the others take'
  test.each<[string, Partial<PruneOptions>, string]>([
    [
      'a level of the default schedule',
      {},
      `RangeError: Cannot spare the ends: expected a density of at least 0.179, got 0.015625: ${least} 78 of 436. schedule: [1, 0.5, 0.25] ends above it, and spareEnds: false with allocate: lamp() spares none.`,
    ],
    [
      'the last level of a list',
      { schedule: [1, 0.5, 0.17] },
      `RangeError: Cannot spare the ends: expected a density of at least 0.179, got 0.17: ${least} 78 of 436. schedule: [1, 0.5, 0.25] ends above it, and spareEnds: false with allocate: lamp() spares none.`,
    ],
    [
      'the first level of an endless schedule',
      { schedule: (round) => 0.1 ** round },
      `RangeError: Cannot spare the ends: expected a density of at least 0.179, got 0.1: ${least} 78 of 436. schedule: [1, 0.5, 0.25] ends above it, and spareEnds: false with allocate: lamp() spares none.`,
    ],
    [
      'minimums that take the rest',
      {
        schedule: geometric({ rounds: 3 }),
        select: { limits: [{ include: /./, minimumKept: 40 }] },
        allocate: globally(),
      },
      `RangeError: Cannot spare the ends: expected a density of at least 0.358, got 0.25: ${least} 156 of 436. schedule: [1, 0.5] ends above it, and spareEnds: false with allocate: lamp() spares none.`,
    ],
    [
      'cells',
      { schedule: [1, 0.5], granularity: nOfM({ of: 2 }) },
      'RangeError: Cannot spare the ends: expected no cells, which all keep one share, got cells of 2',
    ],
    [
      'a list of ends',
      { spareEnds: ['a'] as unknown as boolean },
      'TypeError: Cannot prune: expected spareEnds to be true or false, got a list',
    ],
  ])('prune refuses %s', async (_, options, message) => {
    expect(await refusal(options)).toBe(message)
  })
})

describe('prune resumed', () => {
  const options: Partial<PruneOptions> = { spareEnds: true, schedule: [1, 0.5, 0.3, 0.2] }

  test('prune with spareEnds resumed ends as the uninterrupted run does, to the last bit', async () => {
    const whole = await run(options)
    const resume = JSON.parse(JSON.stringify(whole.rounds.slice(0, 2), typed), typedAgain)
    const resumed = await run({ ...options, resume }, network(9))
    expect(resumed.bits).toEqual(whole.bits)
    expect(resumed.rounds.map(countsOf)).toEqual(whole.rounds.map(countsOf))
  })

  test('prune refuses rounds of another spareEnds by name', async () => {
    const [spared, plain] = [await run(options), await run({ ...options, spareEnds: false })]
    const words = 'expected rounds of this spareEnds, got round 1 of another'
    const goOn = (resume: readonly Round[], spareEnds: boolean) =>
      lateRefusalOf(() => run({ ...options, spareEnds, resume: resume.slice(0, 2) }))
    expect(await goOn(plain.rounds, true)).toBe(`RangeError: Cannot resume: ${words}`)
    expect(await goOn(spared.rounds, false)).toBe(`RangeError: Cannot resume: ${words}`)
    expect(await goOn(plain.rounds.slice(0, 1), true)).toBe('no error')
  })

  test('prune begins with the dense round of a run without spareEnds', async () => {
    const plain = await run({ schedule: [1, 0.5] })
    const shared = await run({ ...options, dense: plain.rounds[0]! })
    expect(shared.bits).toEqual((await run(options)).bits)
  })
})

const typed = (_: string, value: unknown) =>
  ArrayBuffer.isView(value)
    ? { kind: value.constructor.name, values: [...(value as Uint8Array)] }
    : value
const typedAgain = (_: string, value: { kind?: string; values?: number[] }) => {
  const kinds = { Uint8Array, Int32Array, Float32Array, Float64Array }
  const kind = kinds[value?.kind as keyof typeof kinds]
  return kind ? kind.from(value.values!) : value
}

describe('prune with lamp alone', () => {
  test('prune takes magnitude() as the criterion of lamp', async () => {
    const alone = await run({ allocate: lamp() })
    const named = await run({ allocate: lamp(), criterion: magnitude() })
    expect(alone.bits).toEqual(named.bits)
    expect(alone.rounds.map(({ made }) => made)).toEqual(named.rounds.map(({ made }) => made))
    expect(alone.rounds[2]!.kept).toBe(109)
  })

  test('prune takes it in groups and with spareEnds too, and refuses one of both signs', async () => {
    const groups = inGroups([{ include: ['a', 'b'], allocate: lamp() }])
    const alone = await run({ allocate: groups, spareEnds: true })
    const named = await run({ allocate: groups, spareEnds: true, criterion: magnitude() })
    expect(alone.bits).toEqual(named.bits)
    await expect(run({ allocate: lamp(), criterion: magnitudeIncrease() })).rejects.toThrow(
      /by lamp: expected scores/,
    )
  })
})

describe('paper.settings', () => {
  test('prune is the same to the last bit with them, without them, and without spared ends', async () => {
    const plain = await run({})
    const settings = await run({ ...paper.settings(), schedule: [1, 0.5, 0.25] })
    expect(settings.bits).toEqual(plain.bits)
    expect(settings.reason).toBe(plain.reason)
    expect(settings.rounds.map(({ made }) => made)).toEqual(plain.rounds.map(({ made }) => made))
    expect((await run({ spareEnds: false })).bits).toEqual(plain.bits)
  })

  test('paper.settings has the seven levels, the criterion and the rewinding of the paper', () => {
    const { schedule, criterion, allocate, rewind, select, spareEnds } = paper.settings()
    const levels = Array.from({ length: schedule.rounds! }, (_, round) => schedule(round))
    expect(levels).toEqual([1, 0.5, 0.25, 0.125, 0.0625, 0.03125, 0.015625])
    expect([rewind.name, spareEnds]).toEqual(['rewindToInitial', false])
    const place = { name: 'a/kernel', layer: 'a', shape: [4], size: 4, kept: 4 }
    const request = { ...place, minimumKept: 1, maximumKept: 4 }
    const scores = { scores: new Float32Array(4), mask: new Uint8Array(4).fill(1) }
    expect(allocate([{ ...request, ...scores }], 0.5)).toEqual([2])
    expect(select.limits.map(({ minimumKept }) => minimumKept)).toEqual([1])
    const [initial, final] = [tensor2d([[1, -2]]), tensor2d([[-3, 0.5]])]
    const mask = tensor2d([[1, 1]])
    const weight = { name: 'a/kernel', layer: 'a', role: 'kernel', round: 1, initial, final, mask }
    const increase = criterion(weight)
    expect([...increase.dataSync()]).toEqual([2, -1.5])
    for (const one of [initial, final, mask, increase]) one.dispose()
  })
})

describe('gradualPruner with spareEnds', () => {
  test('gradualPruner keeps the ends whole and the density exact', async () => {
    const model = network()
    const options = { density: 0.2, begin: 0, end: 4, every: 1, spareEnds: true }
    const pruner = await gradualPruner(model, options)
    for (let step = 1; step <= 4; step++) {
      await pruner.step()
      const [first, , , last] = pruner.mask.weights.map(({ kept }) => kept)
      const density = 0.2 + 0.8 * (1 - step / 4) ** 3
      expect([first, last, pruner.mask.kept]).toEqual([60, 16, Math.round(436 * density)])
    }
    pruner.dispose()
    model.dispose()
  })

  test('gradualPruner refuses a last density that the ends leave no room for', async () => {
    const model = network()
    const before = weightBits(model)
    const start = () => gradualPruner(model, { density: 0.1, end: 4, every: 1, spareEnds: true })
    expect(await lateRefusalOf(start)).toMatch(
      /^RangeError: Cannot spare the ends: expected a density of at least 0.179, got 0.1: /,
    )
    expect(weightBits(model)).toEqual(before)
    model.dispose()
  })
})
