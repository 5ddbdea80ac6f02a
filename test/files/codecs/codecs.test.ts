import fc from 'fast-check'
import { describe, expect, expectTypeOf, it } from 'vitest'
import type { Codec, Encoder, StoredType, Survivors } from '../../../src/files/codecs/codec.js'
import { codecs, compressedTypes } from '../../../src/files/codecs/codecs.js'
import { encoders } from '../../../src/files/codecs/encoders.js'
import type { CompressedType } from '../../../src/files/model/value-type.js'
import { doWork } from '../do-work.js'

const STORED = Object.keys(codecs) as StoredType[]

/** Values of a weight of `count` channels, all of them kept. */
function survivorsOf<E extends Survivors['values']>(values: E, count = 1): Survivors<E> {
  return { values, order: undefined, channels: { stride: 1, count } }
}

/** The header entry of survivors, with the fields that the codec adds. */
function entryOf({ values }: Survivors, fields: object) {
  return { name: 'out/kernel', shape: [values.length], kept: values.length, ...fields }
}

/** Writes and reads values, and checks all that the codec says of the bytes in between. */
function roundTrip(type: StoredType, survivors: Survivors): ArrayBuffer {
  const codec = codecs[type]
  const { head, body, fields } = doWork(encoders[type].encode(survivors))
  const entry = entryOf(survivors, fields)
  const bytes = head.length + Math.ceil((codec.bits * entry.kept) / 8)
  expect(head.length).toBe(doWork(codec.headBytes(entry, survivors.order)))
  expect(body.length).toBe(codec.width * entry.kept)
  expect(bytes).toBeLessThanOrEqual(codec.mostBytes(entry))
  expect(bytes).toBeGreaterThanOrEqual(codec.leastBytes?.(entry) ?? codec.mostBytes(entry))
  codec.checkFields?.(entry, (holds, wanted) => expect(holds, wanted).toBe(true))
  return doWork(codec.decode({ head, body }, entry, survivors.order))
}

/** Root of the mean squared error. */
function errorOf(values: Float32Array, decoded: Float32Array): number {
  const squares = values.map((value, i) => (value - decoded[i]!) ** 2)
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / values.length)
}

/** The bound that the table of ValueType states for a value, or for the mean of a codebook. */
const expectNear: Record<CompressedType, (values: Float32Array, decoded: Float32Array) => void> = {
  codebook4: expectMeanOfCodebook(4),
  codebook5: expectMeanOfCodebook(5),
  codebook6: expectMeanOfCodebook(6),
  codebook7: expectMeanOfCodebook(7),
  codebook8: expectMeanOfCodebook(8),
  int8: (values, decoded) => {
    values.forEach((value, i) => {
      const channel = values.filter((_, other) => other % 3 === i % 3).map(Math.abs)
      const [largest, all] = [Math.max(...channel), Math.max(...values.map(Math.abs))]
      const bound = Math.max(0.0041 * largest, 6.3e-8 * all)
      expect(Math.abs(decoded[i]! - value)).toBeLessThanOrEqual(bound * 1.0001)
    })
  },
  float16: (values, decoded) => {
    values.forEach((value, i) => {
      const bound = Math.max(2 ** -11 * Math.abs(value), 2 ** -25)
      expect(Math.abs(decoded[i]! - value)).toBeLessThanOrEqual(bound)
    })
  },
  float32: (values, decoded) => expect(decoded).toEqual(values),
}

function expectMeanOfCodebook(bits: number) {
  return (values: Float32Array, decoded: Float32Array) => {
    const range = Math.max(...values) - Math.min(...values)
    const bound = range / (2 * (2 ** bits - 1))
    expect(errorOf(values, decoded)).toBeLessThanOrEqual(bound * 1.0001)
    if (new Set(values).size <= 2 ** bits) expect(decoded).toEqual(values)
    else expect(new Set(decoded).size).toBeLessThanOrEqual(2 ** bits)
  }
}

const floats = fc
  .array(fc.float({ min: -1000, max: 1000, noNaN: true }), { minLength: 3, maxLength: 90 })
  .map((list) => Float32Array.from(list.slice(list.length % 3), (value) => value || 1))

describe.each(compressedTypes)('the codec of %s', (type) => {
  it(`the codec of ${type} gives values back within the bound of the type, in bytes that it foretells`, () => {
    fc.assert(
      fc.property(floats, (values) => {
        const decoded = new Float32Array(roundTrip(type, survivorsOf(values, 3)))
        expectNear[type](values, decoded)
      }),
      { seed: 1, numRuns: 60 },
    )
  })

  it(`the codec of ${type} knows the channels of places in any order`, () => {
    const values = Float32Array.of(100, 1, 0.01, -90, -0.7, 0.004)
    const order = Uint32Array.of(0, 1, 2, 6, 4, 8)
    const survivors = { values, order, channels: { stride: 1, count: 3 } }
    const decoded = new Float32Array(roundTrip(type, survivors))
    for (const [i, value] of decoded.entries()) expect(value / values[i]!).toBeCloseTo(1, 1)
  })

  it(`the codec of ${type} tells the fields of no values`, () => {
    const { fields } = doWork(encoders[type].encode(survivorsOf(new Float32Array(0))))
    const entry = entryOf(survivorsOf(new Float32Array(0)), fields)
    codecs[type].checkFields?.(entry, (holds, wanted) => expect(holds, wanted).toBe(true))
  })
})

describe('codecs', () => {
  it('codecs name all types of float32, small to large', () => {
    const bits = compressedTypes.map((type) => codecs[type].bits)
    expect(bits).toEqual([4, 5, 6, 7, 8, 8, 16, 32])
    expect(new Set(compressedTypes).size).toBe(8)
    for (const type of compressedTypes)
      if (type.startsWith('codebook')) expect(type).toBe(`codebook${codecs[type].bits}`)
  })

  it('codecs say which values fit: all in float32, finite ones, or up to 65504', () => {
    const values = [0, 65504, -65504, 65505, 3e38, Number.NaN, Number.NEGATIVE_INFINITY]
    const fitting = (type: StoredType) => values.map((value) => codecs[type].fits(value))
    const [all, finite] = [values.map(() => true), values.map(Number.isFinite)]
    expect(fitting('float32')).toEqual(all)
    expect(fitting('float16')).toEqual([true, true, true, false, false, false, false])
    for (const type of compressedTypes.filter((one) => !one.startsWith('float')))
      expect(fitting(type)).toEqual(finite)
  })

  it('codecs hold the largest and smallest values that fit', () => {
    for (const type of compressedTypes) {
      const { fits } = codecs[type]
      for (const value of [3.4028234663852886e38, 65504, 1e-45, Number.NaN]) {
        if (!fits(value)) continue
        const decoded = new Float32Array(roundTrip(type, survivorsOf(Float32Array.of(value))))
        const isLost = type === 'float16' && value < 2 ** -25
        if (isLost || Number.isNaN(value)) expect(decoded[0]).toBe(isLost ? 0 : Number.NaN)
        else expect(decoded[0]! / Math.fround(value)).toBeCloseTo(1, 6)
      }
    }
  })

  it('codecs of whole numbers and flags keep every bit', () => {
    const whole = Int32Array.of(0, -1, 2 ** 31 - 1, -(2 ** 31))
    expect(new Int32Array(roundTrip('int32', survivorsOf(whole)))).toEqual(whole)
    const flags = Uint8Array.of(1, 0, 0, 1)
    expect(new Uint8Array(roundTrip('bool', survivorsOf(flags)))).toEqual(flags)
    expect([codecs.int32.dtype, codecs.bool.dtype]).toEqual(['int32', 'bool'])
  })

  it('codecs refuse fields that contradict each other', () => {
    const refused = (type: StoredType, fields: object) => {
      let holds = true
      const entry = entryOf(survivorsOf(new Float32Array(12)), fields)
      codecs[type].checkFields!(entry, (one) => {
        holds &&= one
      })
      return !holds
    }
    for (const [stride, count] of [
      [5, 1],
      [0, 3],
      [1.5, 2],
      [12, 12],
    ])
      expect(refused('int8', { channels: { stride, count } })).toBe(true)
    expect(refused('int8', {})).toBe(true)
    expect(refused('int8', { channels: { stride: 2, count: 3 } })).toBe(false)
    for (const centres of [0, 17, 1.5, undefined])
      expect(refused('codebook4', { centres })).toBe(true)
    expect(refused('codebook4', { centres: 16 })).toBe(false)
  })

  it('codecs have one for each type, and a type without one does not compile', () => {
    expectTypeOf(codecs).toEqualTypeOf<Readonly<Record<StoredType, Codec>>>()
    // @ts-expect-error: a type of the union that has no codec
    const wider: Record<StoredType | 'bfloat16', Codec> = codecs
    // @ts-expect-error: a type of the union that has no encoder
    const mute: Record<StoredType | 'bfloat16', Encoder> = encoders
    // @ts-expect-error: a codec that cannot say which values fit
    const lame: Codec = { ...codecs.float16, fits: undefined }
    expect(Object.keys(wider)).toEqual(STORED)
    expect(Object.keys(mute)).toEqual(STORED)
    expect(lame.fits).toBeUndefined()
  })
})
