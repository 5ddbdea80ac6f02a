import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import {
  denseTeacher,
  elements,
  globally,
  magnitudeIncrease,
  type PruneOptions,
  prune,
  pruningRounds,
  type Round,
  random,
  rewindTo,
  rewindToSign,
  shiftImages,
  units,
  weightedCrossentropy,
} from 'tfjs-prune'
import {
  type EntryStore,
  folderStore,
  indexedDbStore,
  memoryStore,
  type StoreOptions,
  storeOf,
} from 'tfjs-prune/runs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  imbalancedSamples,
  quickRun,
  type Samples,
  smallNetwork,
  weightBits,
} from '../prune/support.js'
import { lateRefusalOf, refusalOf } from '../support/refusal-of.js'
import { fillWeights } from '../support/weights.js'
import { mapFunctions, plainRound, runUntilEvent } from './support.js'

type Options = NonNullable<Parameters<typeof quickRun>[1]>

let data: Samples
/** The entries of a run of which two rounds are finished. */
let entries: ReadonlyMap<string, Uint8Array>
let rounds: readonly Round[]
beforeAll(async () => {
  data = imbalancedSamples(24)
  const functions = mapFunctions()
  const model = smallNetwork()
  const options = { ...run(), store: storeOf(functions) }
  rounds = await runUntilEvent(
    model,
    options,
    (event) => event.kind === 'round-finished' && event.round === 1,
  )
  entries = functions.entries
  model.dispose()
})
afterAll(() => data.xs.dispose())

const run = ({ training, ...options }: Options = {}): PruneOptions =>
  quickRun(data, {
    schedule: [1, 0.5, 0.25],
    criterion: random({ seed: 1 }),
    ...options,
    training: { seed: 1000, ...training },
  })

/** The stored run, with other entries. */
function stored(
  others: Readonly<Record<string, Uint8Array | undefined>> = {},
  options: StoreOptions = {},
) {
  const functions = mapFunctions()
  for (const [name, bytes] of Object.entries({ ...Object.fromEntries(entries), ...others }))
    if (bytes) functions.entries.set(name, bytes)
  return storeOf(functions, options)
}

/** The words of the refusal of a run; the model stays as it was, and the store free. */
async function refusal(
  options: PruneOptions,
  model: LayersModel = smallNetwork(),
): Promise<string> {
  const before = weightBits(model)
  const words = await lateRefusalOf(() => prune(model, options))
  expect(weightBits(model)).toEqual(before)
  model.dispose()
  return words!
}

test.each<[string, Options]>([
  ['epochs of fit as it was, 2, got 3', { training: { epochs: 3 } }],
  ['seed of fit as it was, 1000, got 1001', { training: { seed: 1001 } }],
  ['batchSize of fit as it was, 8, got 4', { training: { batchSize: 4 } }],
  ['clipNorm of fit as it was, 5, got 6', { training: { clipNorm: 6 } }],
  [
    'augment of fit as it was, left out, got [',
    { training: { augment: shiftImages({ pixels: 1 }) } },
  ],
  ['loss of fit as it was', { training: { loss: weightedCrossentropy() } }],
  ['criterion as it was', { criterion: random({ seed: 2 }) }],
  ['allocate as it was', { allocate: globally() }],
  ['granularity as it was', { granularity: units() }],
  ['spareEnds as it was', { spareEnds: true }],
  ['select as it was', { select: { exclude: 'out/kernel' } }],
  ['rewind as it was', { rewind: rewindTo({ epoch: 1 }) }],
  ['teach as it was, "none"', { teach: denseTeacher() }],
])('a store refuses a run with another option: %s', async (words, options) => {
  expect(await refusal({ ...run(options), store: stored() })).toContain(
    `Cannot go on with the run in a map: expected the option ${words}`,
  )
})

test('a store refuses another schedule for the rounds that are finished, and takes one that goes on', async () => {
  expect(await refusal({ ...run({ schedule: [1, 0.6, 0.3] }), store: stored() })).toBe(
    'RangeError: Cannot resume: expected rounds of this schedule (density 0.6), got round 1 (0.5)',
  )
  const model = smallNetwork()
  const longer = run({ schedule: [1, 0.5, 0.25, 0.1] })
  expect((await prune(model, { ...longer, store: stored() })).rounds.length).toBe(4)
  model.dispose()
})

const limited = (maximumDensity: number) => {
  return { limits: [{ include: 'hidden/kernel', maximumDensity }] }
}

const drawn = (seed: number) => rewindToSign({ magnitudes: 'drawn', seed })

test.each<[string, Options]>([
  ['granularity as it was, {"combine":"sum"', { granularity: units({ combine: 'norm' }) }],
  ['granularity as it was, {"combine":"sum"', { granularity: units({ whole: false }) }],
  ['granularity as it was, {"combine":"sum"', { granularity: units({ axis: -1 }) }],
  ['select as it was, [[1,72],', { select: limited(0.6) }],
  ['rewind as it was, {"name":"rewindToSign(drawn, seed 1)"', { rewind: drawn(2) }],
])('a store refuses units with another option: %s', async (words, changed) => {
  const options = run({ granularity: units(), select: limited(1), rewind: drawn(1) })
  const functions = mapFunctions()
  const model = smallNetwork()
  await prune(model, { ...options, schedule: [1], store: storeOf(functions) })
  model.dispose()
  expect(await refusal({ ...options, ...changed, store: storeOf(functions) })).toContain(
    `expected the option ${words}`,
  )
})

test('a store and resume take elements() for a run without a granularity, and the other way', async () => {
  const [plain, explicit] = [{}, { granularity: elements() }]
  for (const [before, after] of [
    [plain, explicit],
    [explicit, plain],
  ] as const) {
    const functions = mapFunctions()
    const first = smallNetwork()
    const begun = run({ ...before, schedule: [1, 0.5], store: storeOf(functions) })
    const { rounds } = await prune(first, begun)
    for (const given of [{ store: storeOf(functions) }, { resume: rounds }]) {
      const model = smallNetwork()
      const gone = await prune(model, run({ ...after, schedule: [1, 0.5, 0.25], ...given }))
      expect(gone.rounds).toHaveLength(3)
      model.dispose()
    }
    first.dispose()
  }
})

test('a store that is older than the comparison of groups and limits still opens', async () => {
  const functions = mapFunctions()
  const asked = storeOf(functions)
  const older: EntryStore = {
    ...asked,
    open: ({ settings: { grouping: _, selection: __, ...settings }, ...facts }) =>
      asked.open({ ...facts, settings }),
  }
  const options = run({ granularity: units(), schedule: [1, 0.5] })
  const [first, second] = [smallNetwork(), smallNetwork()]
  await prune(first, { ...options, schedule: [1], store: older })
  expect((await prune(second, { ...options, store: asked })).rounds.length).toBe(2)
  for (const model of [first, second]) model.dispose()
})

test('a store refuses a schedule that is shorter than its rounds', async () => {
  expect(await refusal({ ...run({ schedule: [1] }), store: stored() })).toBe(
    'RangeError: Cannot resume: expected rounds of this schedule (1 in all), got 2',
  )
})

test('a store gives the iterator of a finished run the weights of its last round', async () => {
  const [model, whole] = [smallNetwork(), smallNetwork()]
  const options = run({ schedule: [1, 0.5] })
  for await (const _ of pruningRounds(model, { ...options, store: stored() }))
    expect.unreachable('nothing is left')
  await prune(whole, options)
  expect(weightBits(model)).toEqual(weightBits(whole))
  for (const one of [model, whole]) one.dispose()
})

test('a store refuses dense and previous where the run began without them', async () => {
  expect(await refusal({ ...run(), dense: rounds[0]!, store: stored() })).toContain(
    'the option dense',
  )
  const model = smallNetwork()
  const previous = rounds[1]!.mask
  expect(await refusal({ ...run(), previous, store: stored() }, model)).toContain(
    'the option previous',
  )
})

test('a store refuses resume beside it', async () => {
  expect(await refusal({ ...run(), resume: rounds, store: stored() })).toContain(
    'expected resume or store, got both',
  )
})

test('a store refuses a model of other weights, and takes it when asked to', async () => {
  expect(await refusal({ ...run(), store: stored() }, smallNetwork(2))).toContain(
    "got other values in hidden/kernel. Initializers with a seed give the same W0 again; a store with initial: 'stored' takes any model.",
  )
  const [model, whole] = [smallNetwork(2), smallNetwork()]
  const options = { ...run(), store: stored({}, { initial: 'stored' }) }
  const expected = (await prune(whole, run())).rounds
  expect((await prune(model, options)).rounds.map(plainRound)).toEqual(expected.map(plainRound))
  for (const one of [model, whole]) one.dispose()
})

/** The small network without names of its layers, as tfjs counts them. */
function nameless(units = 8): LayersModel {
  const hidden = layers.dense({ units: 12, activation: 'relu', inputShape: [6] })
  const middle = layers.dense({ units, activation: 'relu' })
  return fillWeights(sequential({ layers: [hidden, middle, layers.dense({ units: 2 })] }), 1)
}

test('a store finds the layers of a model without names by their places when asked to', async () => {
  const functions = mapFunctions()
  const first = nameless()
  // random() draws by the names of weights, and would be another criterion.
  const options = run({ criterion: magnitudeIncrease(), spareEnds: true, schedule: [1, 0.7, 0.6] })
  await runUntilEvent(
    first,
    { ...options, store: storeOf(functions) },
    ({ kind }) => kind === 'round-finished',
  )
  const byName = storeOf(functions)
  const words = await refusal({ ...options, store: byName }, nameless())
  expect(words).toMatch(
    /expected the weight dense_Dense\d+\/kernel in the model, .*name your layers, or give the store layers: 'byPosition'\.$/,
  )
  const other = storeOf(functions, { layers: 'byPosition' })
  expect(await refusal({ ...options, store: other }, nameless(9))).toMatch(
    /expected kernel \[12, 8\] of a Dense as dense_Dense\d+\/kernel, got kernel \[12, 9\] of a Dense/,
  )
  const second = nameless()
  await runUntilEvent(second, { ...options, store: other }, ({ kind }) => kind === 'round-finished')
  const third = nameless()
  const result = await prune(third, { ...options, store: other })
  const whole = nameless()
  const expected = await prune(whole, options)
  const bits = (model: LayersModel) => Object.values(weightBits(model))
  expect(bits(third)).toEqual(bits(whole))
  expect(result.rounds.length).toBe(3)
  expect(result.rounds[1]!.spared).toEqual(result.rounds[2]!.spared)
  expect(expected.rounds[2]!.mask.kept).toBe(result.rounds[2]!.mask.kept)
  for (const model of [first, second, third, whole]) model.dispose()
})

test('a store names the entry that is damaged, wherever a byte differs', async () => {
  for (const name of ['run', 'round-0', 'round-1']) {
    const bytes = entries.get(name)!
    for (let at = 0; at < bytes.length; at += 97) {
      const damaged = bytes.slice()
      damaged[at]! ^= 1 << (at % 8)
      const words = await lateRefusalOf(() => stored({ [name]: damaged }).open(facts()))
      expect(words).toMatch(new RegExp(`^RangeError: Cannot load ${name} of a map: expected `))
    }
  }
})

test('a store names the entry that is cut off, too long or missing', async () => {
  const bytes = entries.get('round-1')!
  for (const length of [0, 7, 8, 30, bytes.length - 1]) {
    const cut = bytes.slice(0, length)
    expect(await refusal({ ...run(), store: stored({ 'round-1': cut }) })).toMatch(
      /^RangeError: Cannot load round-1 of a map/,
    )
  }
  const long = Uint8Array.of(...bytes, 0)
  expect(await refusal({ ...run(), store: stored({ 'round-1': long }) })).toContain(
    'got more bytes',
  )
  expect(await refusal({ ...run(), store: stored({ run: undefined }) })).toContain(
    'expected the entry run beside round-0, got none',
  )
  expect(await refusal({ ...run(), store: stored({ 'round-1': entries.get('run')! }) })).toContain(
    'Cannot load round-1 of a map: expected an entry of the kind round, got run',
  )
})

test('a store refuses a round of another run', async () => {
  const functions = mapFunctions()
  const model = smallNetwork(3)
  await prune(model, { ...run({ schedule: [1, 0.5] }), store: storeOf(functions) })
  model.dispose()
  const other = functions.entries.get('round-1')!
  expect(await refusal({ ...run(), store: stored({ 'round-1': other }) })).toContain(
    'expected round-1 to be of this run, got one of another',
  )
})

test('memoryStore and folderStore let in one writer and tell the second', async () => {
  const store = memoryStore()
  const model = smallNetwork()
  const other = smallNetwork()
  const words: (string | undefined)[] = []
  const train = Object.assign(
    async (context: { model: LayersModel }) => {
      words.push(await lateRefusalOf(() => prune(other, { ...run(), store })))
      return run().train(context as never)
    },
    { settings: run().train.settings! },
  )
  await prune(model, { ...run({ schedule: [1] }), train, store })
  expect(words).toEqual([
    'Error: Cannot write to the store: expected one writer, got a second call beside one at work',
  ])
  for (const one of [model, other]) one.dispose()
})

test('prune writes nothing to a store where a piece is refused before training', async () => {
  const functions = mapFunctions()
  const evaluate = (() => expect.unreachable('it is not asked')) as never
  const words = await refusal({
    ...run({ select: { include: 'nowhere' } }),
    evaluate,
    store: storeOf(functions),
  })
  expect(words).toContain('nowhere')
  expect(functions.entries.size).toBe(0)
})

test('prune keeps a finished round that cannot be stored in its error', async () => {
  const write = () => {
    throw new Error('the disk is full')
  }
  const model = smallNetwork()
  const error = await prune(model, {
    ...run(),
    store: storeOf({ ...mapFunctions(), write }),
  }).catch((one: unknown) => one)
  expect(error).toMatchObject({ message: 'the disk is full', rounds: [{ round: 0 }] })
  model.dispose()
})

test.each([false, true])(
  'a store refuses an evaluation that is no plain data, by its place, before training: %s',
  async (isOfSets) => {
    const one = () => ({ error: 0.5, at: new Date(0) })
    const evaluate = (isOfSets ? { validation: () => ({ error: 0.5 }), test: one } : one) as never
    const train = () => expect.unreachable('nothing is trained')
    const words = await refusal({ ...run(), train, evaluate, store: memoryStore() })
    expect(words).toContain(
      'Cannot store the run: expected plain data in round.evaluation.' +
        `${isOfSets ? 'sets.test.at' : 'at'}, got a Date`,
    )
  },
)

test('prune takes an evaluation that is no plain data without a store', async () => {
  const model = smallNetwork()
  const evaluate = () => ({ error: 0.5, at: new Date(0) })
  const { rounds } = await prune(model, { ...run({ schedule: [1] }), evaluate: evaluate as never })
  expect(rounds.length).toBe(1)
  model.dispose()
})

test.each([
  [
    () => storeOf({ read: () => undefined } as never),
    'TypeError: Cannot make a store: expected a function write, got undefined',
  ],
  [() => storeOf(mapFunctions(), { layer: 'byPosition' } as never), 'did you mean layers?'],
  [
    () => memoryStore({ layers: 'byOrder' as never }),
    "expected layers to be 'byName' or 'byPosition'",
  ],
  [() => folderStore(''), 'RangeError: Cannot store the run: expected a path, got'],
  [() => folderStore('https://example.org/run'), 'expected a path or a file:// URL'],
  [
    () => folderStore(5 as never),
    'TypeError: Cannot store the run: expected a path of a folder, got 5',
  ],
  [
    () => indexedDbStore(''),
    "RangeError: Cannot use IndexedDB: expected a name of the run, got ''",
  ],
  [
    () => indexedDbStore(5 as never),
    'TypeError: Cannot use IndexedDB: expected a name of the run, got 5',
  ],
])('stores refuse what they cannot use: %#', (make, words) => {
  expect(refusalOf(make)).toContain(words)
})

test('indexedDbStore tells where there is no IndexedDB', async () => {
  const model = smallNetwork()
  expect(await lateRefusalOf(() => prune(model, { ...run(), store: indexedDbStore('a') }))).toMatch(
    /^Error: Cannot use IndexedDB: expected a /,
  )
  model.dispose()
})

function facts() {
  const { initial } = rounds[0]!
  const weights = Object.entries(initial).map(([name]) => ({ name }))
  return { weights, present: initial, settings: {} } as never
}
