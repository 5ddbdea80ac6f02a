import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { train as trainers } from '@tensorflow/tfjs-core'
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import {
  applyMask,
  applyTicket,
  applyTrained,
  type Evaluate,
  fineTune,
  type Mask,
  magnitude,
  movement,
  type PruneOptions,
  prune,
  type Round,
  rewindTo,
} from 'tfjs-prune'
import { loadRounds, memoryStore, renameRounds, saveRounds, toCsv, toJson } from 'tfjs-prune/runs'
import { compileSparse } from 'tfjs-prune/sparse'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  imbalancedSamples,
  quickRun,
  type Samples,
  smallNetwork,
  weightBits,
} from '../prune/support.js'
import { lateRefusalOf, refusalOf } from '../support/refusal-of.js'
import { plainRound } from './support.js'

let data: Samples
let model: LayersModel
let rounds: readonly Round[]
beforeAll(async () => {
  data = imbalancedSamples(24)
  model = smallNetwork()
  rounds = (await prune(model, run({ rewind: rewindTo({ epoch: 1 }) }))).rounds
})
afterAll(() => {
  data.xs.dispose()
  model.dispose()
})

const schedule = [1, 0.5, 0.25]
const run = (
  options: NonNullable<Parameters<typeof quickRun>[1]> = {},
): ReturnType<typeof quickRun> => quickRun(data, { schedule, ...options })

test('saveRounds and loadRounds give the same rounds, to the bit, which share W0 and checkpoint', async () => {
  const loaded = await loadRounds(await saveRounds(rounds))
  expect(loaded.map(plainRound)).toEqual(rounds.map(plainRound))
  expect(loaded.map(({ seconds }) => seconds)).toEqual(rounds.map(({ seconds }) => seconds))
  for (const round of loaded) {
    expect(round.initial).toBe(loaded[0]!.initial)
    expect(round.checkpoint).toBe(loaded[0]!.checkpoint)
  }
})

test.each<[string, PruneOptions['rewind'], PruneOptions['criterion']]>([
  ['optimizer slots', fineTune(), undefined],
  ['movement', undefined, movement()],
])('saveRounds keeps %s', async (_name, rewind, criterion) => {
  const own = smallNetwork()
  const optimizer = () => trainers.adam(0.01)
  const options = run({
    ...(rewind && { rewind }),
    ...(criterion && { criterion }),
    training: { optimizer },
  })
  const { rounds: made } = await prune(own, options)
  const loaded = await loadRounds(await saveRounds(made))
  expect(loaded.map(plainRound)).toEqual(made.map(plainRound))
  own.dispose()
})

test('saveRounds takes as many bytes for rounds that were cloned as for those that share W0', async () => {
  const cloned = rounds.map((round) => structuredClone(round))
  expect((await saveRounds(cloned)).length).toBe((await saveRounds(rounds)).length)
})

test('saveRounds keeps -0, NaN, infinite numbers, undefined and any typed array of an evaluation', async () => {
  const evaluation = {
    error: 1,
    list: [-0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, null, undefined],
    $: { text: 'a key of its own' },
    floats: Float32Array.of(-0, 0, Number.NaN, 1e-45),
    doubles: Float64Array.of(-0, 0.1, Number.NaN),
    whole: [Int8Array.of(-1), Uint8Array.of(2, 3), Uint16Array.of(9), BigInt64Array.of(5n)],
    flags: Uint8Array.of(0, 1, 1),
    none: new Float32Array(0),
    part: new Float32Array([7, 8, 9, 10]).subarray(1, 3),
  }
  const odd = rounds.map((round) => ({ ...round, evaluation })) as unknown as Round[]
  const [loaded] = await loadRounds<typeof evaluation>(await saveRounds(odd))
  expect(loaded!.evaluation).toStrictEqual(evaluation)
  const bits = new Uint32Array(loaded!.evaluation.floats.buffer)
  expect([...bits]).toEqual([...new Uint32Array(evaluation.floats.buffer)])
})

test('saveRounds writes a file, which loadRounds reads by path and URL', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tfjs-prune-rounds-'))
  const path = join(folder, 'below', 'a run.rounds')
  const bytes = await saveRounds(rounds, path)
  expect(new Uint8Array(readFileSync(path))).toEqual(bytes)
  for (const source of [path, pathToFileURL(path), new Blob([bytes])])
    expect((await loadRounds(source)).map(plainRound)).toEqual(rounds.map(plainRound))
  rmSync(folder, { recursive: true })
})

test('loadRounds gives rounds that resume, dense and applyTrained take', async () => {
  const loaded = await loadRounds(await saveRounds(rounds))
  const [resumed, shared, applied] = [smallNetwork(), smallNetwork(), smallNetwork()]
  const options = run({ rewind: rewindTo({ epoch: 1 }) })
  const { rounds: all } = await prune(resumed, { ...options, resume: loaded.slice(0, 2) })
  expect(plainRound(all[2]!)).toEqual(plainRound(rounds[2]!))
  await prune(shared, { ...options, criterion: magnitude(), dense: loaded[0]! })
  applyTrained(applied, loaded[2]!)
  expect(weightBits(applied)).toEqual(weightBits(model))
  for (const one of [resumed, shared, applied]) one.dispose()
})

test('loadRounds reads a store while a run holds its lock', async () => {
  const store = memoryStore()
  const own = smallNetwork()
  const counts: number[] = []
  const evaluate = Object.assign(
    async (...args: Parameters<Evaluate>) => {
      counts.push((await loadRounds(store)).length)
      return run().evaluate(...args)
    },
    { check: run().evaluate.check! },
  )
  await prune(own, { ...run(), evaluate, store })
  expect(counts).toEqual([0, 1, 2])
  own.dispose()
})

const throughJson = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

test('rounds that went through JSON are told apart, wherever they are taken', async () => {
  const lost = throughJson(rounds)
  const words = (task: string, part: string, round = 0) =>
    `TypeError: Cannot ${task}: expected typed arrays in round ${round}'s ${part}, got plain objects: JSON loses them; use saveRounds of tfjs-prune/runs`
  const take = (options: Partial<PruneOptions>) => () => prune(model, { ...run(), ...options })
  expect(await lateRefusalOf(take({ resume: lost }))).toBe(words('resume', 'mask'))
  const part = [{ ...rounds[0]!, trained: lost[0]!.trained }]
  expect(await lateRefusalOf(take({ resume: part }))).toBe(words('resume', 'trained'))
  const point = [{ ...rounds[0]!, checkpoint: lost[0]!.checkpoint! }]
  expect(await lateRefusalOf(take({ resume: point }))).toBe(words('resume', 'checkpoint'))
  expect(await lateRefusalOf(take({ dense: lost[0]! }))).toBe(words('take the dense round', 'mask'))
  expect(refusalOf(() => applyTrained(model, lost[1]!))).toBe(words('set the weights', 'mask', 1))
  expect(refusalOf(() => applyTicket(model, lost[1]!))).toBe(words('apply the ticket', 'mask', 1))
  expect(await lateRefusalOf(() => compileSparse(model, { round: lost[1]! }))).toBe(
    words('read the network', 'mask', 1),
  )
  expect(await lateRefusalOf(() => saveRounds(lost))).toBe(words('save the rounds', 'mask'))
  expect(refusalOf(() => renameRounds(lost, model))).toBe(words('rename the rounds', 'mask'))
})

test('a mask that went through JSON is told apart', () => {
  expect(refusalOf(() => applyMask(model, throughJson<Mask>(rounds[1]!.mask)))).toBe(
    'TypeError: Cannot use the mask: expected typed arrays in the mask, got object: JSON loses them; use encodeMask',
  )
})

test('rounds without weights are told apart from those that lost their arrays', async () => {
  const { mask: _, ...report } = rounds[1]!
  expect(refusalOf(() => applyTrained(model, report as Round))).toBe(
    'TypeError: Cannot set the weights: expected round 1 with its mask and weights, got a report without them',
  )
  expect(refusalOf(() => applyTicket(model, undefined as never))).toBe(
    'TypeError: Cannot apply the ticket: expected a round with its mask and weights, got undefined',
  )
})

test.each<[unknown, string]>([
  [undefined, 'TypeError: Cannot save the rounds: expected a list of rounds, got undefined'],
  [[], 'RangeError: Cannot save the rounds: expected at least one round, got none'],
  [[5], 'TypeError: Cannot save the rounds: expected a round with its mask and weights, got 5'],
])('saveRounds refuses %j', async (given, words) => {
  expect(await lateRefusalOf(() => saveRounds(given as never))).toBe(words)
})

test('saveRounds refuses a target that is no path', async () => {
  for (const target of [5, 'https://example.org/run', ''] as never[])
    expect(await lateRefusalOf(() => saveRounds(rounds, target))).toContain(
      'Cannot save the rounds',
    )
})

test('loadRounds refuses what holds no rounds', async () => {
  const bytes = await saveRounds(rounds)
  const refusal = (source: unknown) => lateRefusalOf(() => loadRounds(source as never))
  expect(await refusal(5)).toContain('TypeError: Cannot load the rounds: expected a store')
  expect(await refusal(join(tmpdir(), 'nowhere.rounds'))).toMatch(
    /^Error: Cannot load the rounds: expected to read .*nowhere\.rounds, got ENOENT/,
  )
  expect(await refusal(new Uint8Array(30))).toContain(
    'expected an entry of a run, which starts with TRUN, got other bytes',
  )
  expect(await refusal(bytes.slice(0, 200))).toMatch(
    /^RangeError: Cannot load the rounds: expected /,
  )
  const other = bytes.slice()
  other[4] = 2
  expect(await refusal(other)).toBe(
    'RangeError: Cannot load the rounds: expected version 1 of the entry, got 2',
  )
})

const nameless = () => {
  const hidden = layers.dense({ units: 12, activation: 'relu', inputShape: [6] })
  const middle = layers.dense({ units: 8, activation: 'relu' })
  return sequential({ layers: [hidden, middle, layers.dense({ units: 2 })] })
}

test('renameRounds gives rounds the names of a model that was built anew', async () => {
  const [first, second] = [nameless(), nameless()]
  const { rounds: made } = await prune(first, run({ rewind: rewindTo({ epoch: 1 }) }))
  expect(refusalOf(() => applyTrained(second, made[2]!))).toContain(
    'with renameRounds of tfjs-prune/runs',
  )
  const renamed = renameRounds(made, second)
  applyTrained(second, renamed[2]!)
  expect(Object.values(weightBits(second))).toEqual(Object.values(weightBits(first)))
  expect(renamed[1]!.initial).toBe(renamed[0]!.initial)
  const { rounds: all } = await prune(second, {
    ...run({ rewind: rewindTo({ epoch: 1 }) }),
    resume: renamed.slice(0, 2),
  })
  expect(all[2]!.mask.weights.map(({ values }) => values)).toEqual(
    made[2]!.mask.weights.map(({ values }) => values),
  )
  for (const one of [first, second]) one.dispose()
})

test('renameRounds refuses a model of other layers', async () => {
  const [first, more] = [
    nameless(),
    sequential({ layers: [layers.dense({ units: 1, inputShape: [6] })] }),
  ]
  const { rounds: made } = await prune(first, run({ schedule: [1] }))
  expect(refusalOf(() => renameRounds(made, more))).toBe(
    'RangeError: Cannot rename the rounds: expected a model of 6 weights, got 2',
  )
  const wider = sequential({
    layers: [
      layers.dense({ units: 12, inputShape: [6] }),
      layers.dense({ units: 9 }),
      layers.dense({ units: 2 }),
    ],
  })
  expect(refusalOf(() => renameRounds(made, wider))).toMatch(
    /expected kernel \[12, 8\] Dense for dense_Dense\d+\/kernel, got kernel \[12, 9\] Dense as/,
  )
  for (const one of [first, more, wider]) one.dispose()
})

test('toCsv and toJson give one row a round, the columns of the ledger first', () => {
  const lines = toCsv(rounds).trimEnd().split('\r\n')
  const names = lines[0]!.split(',')
  expect(names.slice(0, 7).join()).toBe(
    'round,density,densityOverAll,kept,falseNegatives,falseNegativeRate,addedFalseNegatives',
  )
  expect(names).toContain('falseNegativesAt0.05')
  expect(lines.length).toBe(4)
  const rows = JSON.parse(toJson(rounds)) as Record<string, unknown>[]
  expect(rows.map((row) => row.density)).toEqual(rounds.map(({ density }) => density))
  for (const [i, row] of rows.entries()) {
    const cells = lines[i + 1]!.split(',')
    expect(names).toEqual(Object.keys(row))
    expect(cells).toEqual(
      Object.values(row).map((value) => (value === null ? '' : `${value as number}`)),
    )
  }
})

test('toCsv quotes commas, quotes and line breaks, and leaves undefined numbers empty', () => {
  const seconds = { training: 1, scoring: 0, evaluation: 0 }
  const counts = { density: 1, densityOverAll: 1, kept: 8, weights: [] }
  const made = (round: number, collapsed?: string) => ({
    ...{ round, ...counts, seconds, trainingLoss: Number.NaN },
    evaluation: round === 0 ? { error: 0.5 } : { error: Number.NaN, other: 2 },
    ...(collapsed && { collapsed }),
  })
  const text = toCsv([made(0), made(1, 'says "1", always\nno'), made(2, 'plain')])
  const [names, first, ...others] = text.split('\r\n')
  expect(names).toMatch(
    /,error,trainingLoss,trainingSeconds,scoringSeconds,evaluationSeconds,collapsed,other$/,
  )
  expect(first).toMatch(/,0\.5,,1,0,0,,$/)
  expect(others[0]).toMatch(/,,,1,0,0,"says ""1"", always\nno",2$/)
  expect(others[1]).toMatch(/,plain,2$/)
  expect(toCsv([])).toBe('')
  expect(toJson([])).toBe('[]')
})

test('toCsv keeps numbers of an own evaluation that have the name of another column', () => {
  const seconds = { training: 1, scoring: 2, evaluation: 3 }
  const made = (round: number, trainingLoss: number) => ({
    ...{ round, density: 1, densityOverAll: 1, kept: 8, weights: [], seconds, trainingLoss: 0.25 },
    evaluation: { error: 0.5, kept: 8, trainingLoss, scoringSeconds: 7, falseNegatives: 4 },
  })
  const rows = JSON.parse(toJson([made(0, 0.25), made(1, 0.75)])) as Record<string, unknown>[]
  expect(rows[0]).toMatchObject({ trainingLoss: 0.25, 'evaluation.trainingLoss': 0.25 })
  expect(rows[1]).toMatchObject({
    ...{ error: 0.5, kept: 8, trainingLoss: 0.25, scoringSeconds: 2, falseNegatives: null },
    ...{ 'evaluation.trainingLoss': 0.75, 'evaluation.scoringSeconds': 7 },
    'evaluation.falseNegatives': 4,
  })
  expect(rows[1]).not.toHaveProperty('evaluation.kept')
})
