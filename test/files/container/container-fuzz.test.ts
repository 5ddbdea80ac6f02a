import { deflateRawSync, gzipSync } from 'node:zlib'
import { tensor2d } from '@tensorflow/tfjs-core'
import { layers, loadLayersModel, sequential } from '@tensorflow/tfjs-layers'
import fc from 'fast-check'
import { beforeAll, expect, test, vi } from 'vitest'
import { compressedTypes } from '../../../src/files/codecs/codecs.js'
import { compressedHandler } from '../../../src/files/compressed-handler.js'
import { PREAMBLE, type WeightEntry } from '../../../src/files/container/header.js'
import type { CompressedType } from '../../../src/files/model/value-type.js'
import { lateRefusalOf } from '../../support/refusal-of.js'
import { everyFourth, smallModel } from '../../support/small-models.js'
import { type Parts, pack, putTogether, takeApart } from './forge.js'

const REFUSED = /^RangeError: Cannot load the model: expected .+, got .+/s

/** A file of each value type. */
const files = {} as Record<CompressedType, Uint8Array>
/** A file of weights alone, small enough for every value of every byte. */
let tiny: Uint8Array

beforeAll(async () => {
  const model = smallModel()
  for (const type of compressedTypes)
    files[type] = await pack(model, { type, mask: everyFourth(model) })
  const { header, sections } = takeApart(files.int8)
  const [entry] = header.weights
  tiny = putTogether({
    header: { modelTopology: {}, weights: [{ ...entry!, name: 'k' }] },
    sections: [sections[0]!],
  })
})

const load = (bytes: Uint8Array, options?: Parameters<typeof compressedHandler>[1]) =>
  compressedHandler(bytes, options).load!()

const refusal = (bytes: Uint8Array) => lateRefusalOf(() => load(bytes))

/** Why the container is refused, or undefined where it is read, which must be a whole one then. */
async function outcome(bytes: Uint8Array): Promise<string | undefined> {
  let artifacts: Awaited<ReturnType<typeof load>>
  try {
    artifacts = await load(bytes)
  } catch (error) {
    const { name, message } = error as Error
    // A matcher for each of 100,000 refusals would take most of the time.
    if (!REFUSED.test(`${name}: ${message}`)) expect.fail(`a refusal of its own: ${error}`)
    return message
  }
  const { weightSpecs, weightData } = artifacts
  for (const [i, { shape, dtype }] of weightSpecs!.entries()) {
    const size = shape.reduce((product, side) => product * side, 1)
    expect((weightData as ArrayBuffer[])[i]!.byteLength).toBe(size * (dtype === 'bool' ? 1 : 4))
  }
  return undefined
}

test('compressedHandler refuses other values of every byte of a small file, all of the first ones', async () => {
  expect(await outcome(tiny)).toBeUndefined()
  expect(tiny.length).toBeLessThan(400)
  for (let at = 0; at < tiny.length; at++) {
    const broken = new Uint8Array(tiny)
    // Bytes behind the preamble are under a checksum, to which all other values are alike.
    const step = at < PREAMBLE ? 1 : 3
    for (let value = at % step; value < 256; value += step) {
      if (value === tiny[at]) continue
      broken[at] = value
      if ((await outcome(broken)) === undefined) expect.fail(`byte ${at} may be ${value}`)
    }
  }
})

test.each(compressedTypes)(
  'compressedHandler refuses every flipped bit of a model with %s values',
  async (type) => {
    const file = files[type]
    for (let at = 0; at < file.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const broken = new Uint8Array(file)
        broken[at]! ^= 1 << bit
        if ((await outcome(broken)) === undefined)
          expect.fail(`bit ${bit} of byte ${at} may be flipped`)
      }
    }
  },
)

test('compressedHandler refuses every truncation and every byte too many', async () => {
  const file = files.codebook4
  for (let end = 0; end < file.length; end++)
    expect(await refusal(file.subarray(0, end))).toMatch(REFUSED)
  for (const value of [0, 1, 255]) {
    expect(await refusal(Uint8Array.from([...file, value]))).toBe(
      'RangeError: Cannot load the model: expected the end of the container, got more bytes',
    )
  }
})

test('compressedHandler refuses another version, and says so', async () => {
  const newer = new Uint8Array(tiny)
  newer[4] = 2
  expect(await refusal(newer)).toBe(
    'RangeError: Cannot load the model: expected version 1 of the container, got 2',
  )
})

test.each<[string, Uint8Array, string]>([
  [
    'a model.json',
    new TextEncoder().encode('{"modelTopology": {}, "weightsManifest": []}'),
    'JSON, such as the model.json of stock tfjs',
  ],
  [
    'a page',
    new TextEncoder().encode('<!doctype html><title>Not found</title>'),
    'a page of HTML or XML',
  ],
  ['gzip', gzipSync(new Uint8Array(100)), 'gzip'],
  ['weights', new Uint8Array(100), 'other bytes'],
])('compressedHandler refuses %s and says what it is', async (_, bytes, got) => {
  expect(await refusal(bytes)).toBe(
    `RangeError: Cannot load the model: expected a container, which starts with TFPR, got ${got}`,
  )
})

test('compressedHandler refuses a header above 1 MiB, which as JSON would take much memory, unless an option allows it', async () => {
  const { header, sections } = takeApart(tiny)
  Object.assign(header, { userDefinedMetadata: { text: 'x'.repeat(2 ** 20) } })
  const file = putTogether({ header, sections })
  const { length } = JSON.stringify(header)
  expect(file.length).toBeLessThan(2 ** 15)
  const wanted = (most: number) =>
    `RangeError: Cannot load the model: expected a header of at most ${most} bytes (maximumHeaderBytes), got ${length}`
  expect(await refusal(file)).toBe(wanted(2 ** 20))
  const allowing = (maximumHeaderBytes: number) =>
    lateRefusalOf(() => load(file, { maximumHeaderBytes }))
  expect(await allowing(length - 1)).toBe(wanted(length - 1))
  const { userDefinedMetadata } = await load(file, { maximumHeaderBytes: length })
  expect(userDefinedMetadata).toEqual({ text: 'x'.repeat(2 ** 20) })
  expect(await allowing(2 ** 24 + 1)).toBe(
    'RangeError: Cannot load the model: expected maximumHeaderBytes to be a whole number of at most 16777216, got 16777217',
  )
})

test('compressedHandler refuses millions of nested brackets before they are parsed', async () => {
  const { header, sections } = takeApart(tiny)
  const nested = (depth: number) => {
    const json = `{"modelTopology":{"a":${'['.repeat(depth)}${']'.repeat(depth)}},"weights":[]}`
    const parts = { header, sections: [] as typeof sections }
    return putTogether(parts, { json: new TextEncoder().encode(json) })
  }
  const parse = vi.spyOn(JSON, 'parse')
  for (const [depth, options] of [
    [999, {}],
    [4_000_000, { maximumHeaderBytes: 2 ** 24 }],
  ] as const) {
    expect(await lateRefusalOf(() => load(nested(depth), options))).toBe(
      'RangeError: Cannot load the model: expected JSON of at most 1000 nested brackets in a header, got more',
    )
  }
  expect(parse).not.toHaveBeenCalled()
  expect(await refusal(nested(4_000_000))).toContain('expected a header of at most 1048576 bytes')
  expect((await load(nested(998))).weightSpecs).toEqual([])
  parse.mockRestore()
})

test('compressedHandler refuses bits behind the last index of a codebook', async () => {
  const dense = layers.dense({ name: 'out', units: 1, inputShape: [3], useBias: false })
  const model = sequential({ layers: [dense] })
  // No half-precision numbers: those would be shorter.
  model.setWeights([tensor2d([[0.1], [0.3], [0.1]])])
  const { header, sections } = takeApart(await pack(model))
  // Two centres, and three indices of four bits: 0, 1, 0.
  expect(header.weights[0]).toMatchObject({ values: 'codebook4', valueBytes: 10 })
  const [section] = sections as [Uint8Array]
  expect([...section.subarray(8)]).toEqual([0x10, 0x00])
  for (let bit = 4; bit < 8; bit++) {
    section[9] = 1 << bit
    expect(await refusal(putTogether({ header, sections }))).toBe(
      'RangeError: Cannot load the model: expected bits 0 behind the last value, got others',
    )
  }
  section[9] = 1
  const { weightData } = await load(putTogether({ header, sections }))
  const values = new Float32Array((weightData as ArrayBuffer[])[0]!)
  expect(values).toEqual(Float32Array.of(0.1, 0.3, 0.3))
})

/** The refusal of a file with one thing changed in its header, checksums made to hold. */
async function refusalOfEntry(
  change: Partial<Record<keyof WeightEntry, unknown>>,
  type: CompressedType = 'int8',
) {
  const { header, sections } = takeApart(files[type])
  Object.assign(header.weights[0]!, change)
  return refusal(putTogether({ header, sections }, { lengths: false }))
}

test.each<[string, Partial<Record<keyof WeightEntry, unknown>>, string]>([
  [
    '2^31 weights',
    { shape: [2 ** 26, 32], channels: { stride: 1, count: 32 } },
    'expected weights of at most 1073741824 bytes, got 8589934592',
  ],
  ['2^62 weights', { shape: [2 ** 31, 2 ** 31] }, 'expected less than 2^32 elements'],
  ['33 axes', { shape: [...Array(31).fill(1), 4, 6] }, 'expected at most 32 axes'],
  ['10^300 weights', { shape: Array(32).fill(4e9) }, 'expected less than 2^32 elements'],
  ['a negative side', { shape: [-4, -6] }, 'expected a shape of whole numbers'],
  ['half a weight', { shape: [4, 0.5] }, 'expected a shape of whole numbers'],
  ['a side of null', { shape: [null] }, 'expected a shape of whole numbers'],
  ['no shape', { shape: undefined }, 'expected a shape of whole numbers'],
  ['a shape as text', { shape: '24' }, 'expected a shape of whole numbers'],
  ['more kept than there are', { kept: 25 }, 'expected kept to be 0 to 24'],
  ['fewer than none kept', { kept: -1 }, 'expected kept to be 0 to 24'],
  ['a part of a value kept', { kept: 17.5 }, 'expected kept to be 0 to 24'],
  [
    'all positions of a part',
    { positions: 'all', positionBytes: 0 },
    'expected 24 values where all are kept',
  ],
  ['positions of no kind', { positions: 'diagonal' }, 'expected positions to be one of'],
  [
    'positions by a name of Object',
    { positions: 'constructor' },
    'expected positions to be one of',
  ],
  ['more positions than a bitmap', { positionBytes: 4 }, 'expected at most 3 bytes of positions'],
  [
    'a Rice parameter of text',
    { positions: 'columns', countParameter: '1' },
    'expected a Rice parameter',
  ],
  [
    'a Rice parameter of 33',
    { positions: 'columns', countParameter: 33 },
    'expected a Rice parameter',
  ],
  ['columns without a parameter', { positions: 'columns' }, 'expected a Rice parameter'],
  [
    'columns of a vector',
    { positions: 'columns', shape: [24], countParameter: 1 },
    'expected a shape with columns',
  ],
  ['values of no type', { values: 'int4' }, 'expected values that suit float32'],
  ['values of another type', { values: 'bool' }, 'expected values that suit float32'],
  ['another dtype', { dtype: 'complex64' }, 'expected float32, int32, bool or string as dtype'],
  ['fewer bytes than texts', { dtype: 'string', kept: 95 }, 'expected bytes of texts'],
  ['texts with places', { dtype: 'string', kept: 96 }, 'expected all positions of string'],
  ['positions of int32', { dtype: 'int32', values: 'int32' }, 'expected all positions of int32'],
  ['no channels', { channels: undefined }, 'expected channels that divide the shape'],
  ['channels of null', { channels: null }, 'expected channels that divide the shape'],
  [
    'channels of no width',
    { channels: { stride: 0, count: 6 } },
    'expected channels that divide the shape',
  ],
  [
    'channels that do not divide',
    { channels: { stride: 1, count: 5 } },
    'expected channels that divide the shape',
  ],
  ['a codebook without centres', { values: 'codebook4' }, 'expected 1 to 16 centres'],
  ['a codebook of 17 centres', { values: 'codebook4', centres: 17 }, 'expected 1 to 16 centres'],
  ['2^31 bytes of values', { valueBytes: 2 ** 31 }, 'expected at most 28 bytes of values'],
  ['a negative length', { valueBytes: -1 }, 'expected at most 28 bytes of values'],
  ['deflated as text', { deflated: '0' }, 'expected deflated planes below 1'],
  ['a deflated plane that is not there', { deflated: [1] }, 'expected deflated planes below 1'],
  ['a deflated plane twice', { deflated: [0, 0] }, 'expected deflated planes below 1'],
  ['deflated planes, but none', { deflated: [] }, 'expected deflated planes below 1'],
  ['a checksum of text', { crc: 'a' }, 'expected a CRC-32'],
  ['its own section as another one', { sameAs: 0 }, 'expected an earlier weight'],
  ['a section of a later weight', { sameAs: 1 }, 'expected an earlier weight'],
  ['a section of text', { sameAs: '0' }, 'expected an earlier weight'],
  ['no name', { name: 7 }, 'expected names of weights as text'],
  ['the name of another weight', { name: 'hidden/bias' }, 'expected each weight once'],
])('compressedHandler refuses a header that claims %s', async (_, change, wanted) => {
  expect(await refusalOfEntry(change)).toContain(`RangeError: Cannot load the model: ${wanted}`)
})

test.each<[string, unknown]>([
  ['null', null],
  ['a list', []],
  ['a number', 7],
  ['no topology', { weights: [] }],
  ['a topology of text', { modelTopology: 'x', weights: [] }],
  ['no weights', { modelTopology: {} }],
  ['weights of null', { modelTopology: {}, weights: [null] }],
  ['weights as an object', { modelTopology: {}, weights: {} }],
  ['metadata of text', { modelTopology: {}, weights: [], userDefinedMetadata: 'x' }],
])('compressedHandler refuses a header of %s', async (_, header) => {
  const json = new TextEncoder().encode(JSON.stringify(header))
  expect(await refusal(putTogether({ header: { weights: [] }, sections: [] }, { json }))).toMatch(
    REFUSED,
  )
})

test('compressedHandler refuses a header that is no JSON, no UTF-8, no DEFLATE, or of another length', async () => {
  const { header, sections } = takeApart(tiny)
  const forged = (options: Parameters<typeof putTogether>[1]) =>
    refusal(putTogether({ header, sections }, options))
  const json = new TextEncoder().encode('{"weights": [')
  expect(await forged({ json })).toContain('expected JSON in a header')
  expect(await forged({ json: Uint8Array.of(0x22, 0xff, 0x22) })).toContain(
    'expected JSON in a header',
  )
  expect(await forged({ deflated: Uint8Array.of(7, 7, 7) })).toContain(
    'expected a header in DEFLATE',
  )
  expect(await forged({ claimed: 10 })).toContain('expected a header of 10 bytes, got more')
  expect(await forged({ claimed: 100_000 })).toContain('expected a header of 100000 bytes')
})

test('compressedHandler refuses a bomb of DEFLATE in the header and in values', async () => {
  const { header, sections } = takeApart(files.int8)
  const bomb = deflateRawSync(new Uint8Array(2 ** 26))
  const before = process.memoryUsage().arrayBuffers
  expect(
    await refusal(putTogether({ header, sections }, { deflated: bomb, claimed: 1000 })),
  ).toContain('got more')
  const values = { ...header.weights[0]!, shape: [400, 400], kept: 160_000, deflated: [0] }
  const entry = {
    ...values,
    positions: 'all' as const,
    positionBytes: 0,
    channels: { stride: 1, count: 400 },
  }
  const forged = putTogether({ header: { ...header, weights: [entry] }, sections: [bomb] })
  expect(await refusal(forged)).toMatch(
    /expected values of hidden\/kernel of 160404 bytes, got more$/,
  )
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 24)
})

test('compressedHandler allocates nothing for what a header claims beyond the bound', async () => {
  const { header, sections } = takeApart(files.float32)
  Object.assign(header.weights[0]!, {
    shape: [2 ** 14, 2 ** 14],
    kept: 0,
    positions: 'whole',
    positionBytes: 0,
  })
  Object.assign(header.weights[0]!, { valueBytes: 0, deflated: undefined })
  const claim = putTogether(
    { header, sections: [new Uint8Array(0), ...sections.slice(1)] },
    { lengths: false },
  )
  const requests: number[] = []
  for (const name of ['Float32Array', 'Uint32Array', 'Uint8Array', 'ArrayBuffer'] as const) {
    const construct = (target: never, parts: unknown[], self: never) => {
      if (typeof parts[0] === 'number') requests.push(parts[0])
      return Reflect.construct(target, parts, self)
    }
    vi.stubGlobal(name, new Proxy(globalThis[name], { construct: construct as never }))
  }
  try {
    expect(await refusal(claim)).toContain(
      'expected weights of at most 1073741824 bytes, got 1073741848 with hidden/bias',
    )
    expect(await lateRefusalOf(() => load(claim, { maximumBytes: 2 ** 20 }))).toContain(
      'at most 1048576 bytes',
    )
    expect(await lateRefusalOf(() => load(files.float32, { maximumBytes: 400 }))).toContain(
      'at most 400 bytes',
    )
  } finally {
    vi.unstubAllGlobals()
  }
  expect(requests.length).toBeGreaterThan(0)
  expect(Math.max(...requests)).toBeLessThan(2 ** 17)
  // Within the bound it is a sparse weight like any other.
  const { weightData } = await load(claim, { maximumBytes: 2 ** 31 })
  expect((weightData as ArrayBuffer[])[0]!.byteLength).toBe(2 ** 30)
})

const flip = fc.record({ section: fc.nat(3), at: fc.nat(999), value: fc.nat(255) })

test('compressedHandler reads or refuses sections of any bytes whose checksums hold', async () => {
  let [read, refused] = [0, 0]
  const types = fc.constantFrom(...compressedTypes)
  await fc.assert(
    fc.asyncProperty(types, fc.array(flip, { minLength: 1, maxLength: 4 }), async (type, flips) => {
      const { header, sections } = takeApart(files[type])
      for (const { section, at, value } of flips)
        sections[section]![at % sections[section]!.length] = value
      if ((await outcome(putTogether({ header, sections }))) === undefined) read++
      else refused++
    }),
    { numRuns: 1500 },
  )
  expect(Math.min(read, refused)).toBeGreaterThan(100)
})

/** Any value of a field, sound ones and others. */
const anything = fc.oneof(
  fc.integer({ min: -2, max: 40 }),
  fc.constantFrom(
    2 ** 31,
    2 ** 32,
    2 ** 53,
    1e300,
    0.5,
    null,
    true,
    'all',
    'bitmap',
    'whole',
    'rows',
    'columns',
  ),
  fc.constantFrom(...compressedTypes, 'int32', 'bool', 'float32'),
  fc.array(fc.integer({ min: 0, max: 24 }), { maxLength: 3 }),
  fc.record({ stride: fc.integer({ min: 0, max: 24 }), count: fc.integer({ min: 0, max: 24 }) }),
)
const FIELDS = [
  'shape',
  'dtype',
  'kept',
  'positions',
  'countParameter',
  'positionBytes',
  'values',
  'valueBytes',
]
const field = fc.constantFrom(...FIELDS, 'channels', 'centres', 'deflated')

test('compressedHandler reads or refuses headers of any contents whose checksums hold', async () => {
  const types = fc.constantFrom(...compressedTypes)
  const changes = fc.array(fc.tuple(fc.nat(3), field, anything), { minLength: 1, maxLength: 3 })
  await fc.assert(
    fc.asyncProperty(types, changes, fc.boolean(), async (type, list, lengths) => {
      const { header, sections } = takeApart(files[type])
      for (const [at, name, value] of list) Object.assign(header.weights[at]!, { [name]: value })
      await outcome(putTogether({ header, sections }, { lengths }))
    }),
    { numRuns: 3000 },
  )
})

const positions = fc.record({
  kind: fc.constantFrom('bitmap', 'whole', 'rows', 'columns'),
  shape: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 3 }),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
  countParameter: fc.integer({ min: 0, max: 32 }),
  bytes: fc.uint8Array({ maxLength: 40 }),
})

test('compressedHandler reads or refuses positions of random bits', async () => {
  await fc.assert(
    fc.asyncProperty(positions, async ({ kind, shape, share, countParameter, bytes }) => {
      const size = shape.reduce((product, side) => product * side, 1)
      const kept = Math.floor(share * size)
      const part = bytes.subarray(0, Math.ceil(size / 8))
      const entry = {
        name: 'k',
        shape,
        dtype: 'float32',
        kept,
        positions: kind,
        countParameter,
        values: 'float32',
      }
      const lengths = { positionBytes: part.length, valueBytes: 4 * kept }
      const section = Buffer.concat([part, new Uint8Array(4 * kept).fill(1)])
      const weights = [{ ...entry, ...lengths, crc: 0 }] as unknown as Parts['header']['weights']
      await outcome(putTogether({ header: { modelTopology: {}, weights }, sections: [section] }))
    }),
    { numRuns: 4000 },
  )
})

test('compressedHandler leaves a sound file loadable when fields that it does not know are added', async () => {
  const { header, sections } = takeApart(files.float16)
  Object.assign(header, { comment: 'more' })
  Object.assign(header.weights[0]!, { comment: 'more' })
  const artifacts = await load(putTogether({ header, sections }))
  expect(Object.keys(artifacts).sort()).toEqual([
    'convertedBy',
    'format',
    'generatedBy',
    'modelTopology',
    'weightData',
    'weightSpecs',
  ])
  const model = await loadLayersModel({ load: async () => artifacts })
  expect(model.countParams()).toBe(44)
})

test('compressedHandler refuses a shared section of other fields, or of a weight that shares one', async () => {
  const { header, sections } = takeApart(files.int8)
  const [first] = header.weights
  const sharing = (more: object) => {
    const entries = [first, { ...first, name: 'second', sameAs: 0 }, { ...first, ...more }]
    return refusal(
      putTogether(
        { header: { ...header, weights: entries as never }, sections: [sections[0]!] },
        { lengths: false },
      ),
    )
  }
  const wanted = 'RangeError: Cannot load the model: expected an earlier weight'
  expect(await sharing({ name: 'third', sameAs: 1 })).toContain(wanted)
  expect(await sharing({ name: 'third', sameAs: 0, shape: [6, 4] })).toContain(wanted)
  expect(await sharing({ name: 'third', sameAs: 0, crc: 1 })).toContain(wanted)
})
