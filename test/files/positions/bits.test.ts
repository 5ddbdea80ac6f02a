import { crc32 as zlibSum } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { crc32 } from '../../../src/files/container/crc32.js'
import * as packed from '../../../src/files/container/packed-indices.js'
import * as planes from '../../../src/files/container/planes.js'
import { bitReader, bitWriter, longestRun } from '../../../src/files/positions/bits.js'
import { gapCode, readRice, riceBits, writeRice } from '../../../src/files/positions/rice.js'
import { refusalOf } from '../../support/refusal-of.js'
import { inOneGo } from '../do-work.js'

const [packIndices, unpackIndices] = [inOneGo(packed.packIndices), inOneGo(packed.unpackIndices)]
const [planeOf, fromPlanes] = [inOneGo(planes.planeOf), inOneGo(planes.fromPlanes)]
const entropyOfBytes = inOneGo(planes.entropyOfBytes)
const toPlanes = (bytes: Uint8Array, width: number) =>
  Array.from({ length: width }, (_, plane) => planeOf(bytes, width, plane))

test('bitWriter begins with the lowest bit of the first byte', () => {
  const bytes = new Uint8Array(3)
  const writer = bitWriter(bytes)
  writer.bits(0b1, 1)
  writer.zeros(3)
  writer.bits(0b1011, 4)
  writer.bits(0x123, 10)
  expect([...bytes]).toEqual([0b1011_0001, 0x23, 0x1])
})

test('bitReader reads numbers of any width that a bitWriter wrote', () => {
  const number = fc.integer({ min: 0, max: 32 }).chain((width) => {
    return fc.record({
      width: fc.constant(width),
      value: fc.integer({ min: 0, max: 2 ** width - 1 }),
    })
  })
  fc.assert(
    fc.property(fc.array(number, { maxLength: 30 }), (numbers) => {
      const bytes = new Uint8Array(
        Math.ceil(numbers.reduce((sum, { width }) => sum + width, 0) / 8),
      )
      const writer = bitWriter(bytes)
      for (const { value, width } of numbers) writer.bits(value, width)
      const reader = bitReader(bytes)
      expect(numbers.map(({ width }) => reader.bits(width))).toEqual(
        numbers.map(({ value }) => value),
      )
      reader.end()
    }),
  )
})

test('bitReader refuses to read behind the end, and bits that are left over', () => {
  const early = 'RangeError: Cannot load the model: expected more positions, got an early end'
  expect(refusalOf(() => bitReader(new Uint8Array(0)).bits(1))).toBe(early)
  expect(refusalOf(() => bitReader(new Uint8Array(2)).bits(17))).toBe(early)
  expect(refusalOf(() => bitReader(new Uint8Array(2)).run())).toBe(early)
  expect(bitReader(new Uint8Array(3)).run()).toBe(longestRun)
  const over = 'RangeError: Cannot load the model: expected no more positions, got some'
  expect(refusalOf(() => bitReader(new Uint8Array(1)).end())).toBe(over)
  const reader = bitReader(Uint8Array.of(0b1000_0001))
  expect(reader.run()).toBe(0)
  expect(refusalOf(reader.end)).toBe(over)
})

test('gapCode takes the parameter that writes geometric gaps in the fewest bits', () => {
  const bitsAt = (p: number, parameter: number) => {
    let bits = 0
    for (let gap = 0, share = p; gap < 60 / p; gap++, share *= 1 - p) {
      bits += share * riceBits(gap, { parameter, width: 32 })
    }
    return bits
  }
  for (const marks of [5, 15, 60, 157, 312, 625, 1250, 2500, 4000, 5000]) {
    const p = marks / 10_000
    const costs = Array.from({ length: 14 }, (_, parameter) => bitsAt(p, parameter))
    expect(
      costs[gapCode(10_000, marks).parameter]! / Math.min(...costs),
      `density ${p}`,
    ).toBeLessThan(1.002)
  }
})

test('gapCode follows from whole numbers, also for the largest rows', () => {
  expect(gapCode(10_000, 157)).toEqual({ parameter: 5, width: 14 })
  expect(gapCode(1, 1).parameter).toBe(0)
  expect(gapCode(2 ** 32 - 1, 1)).toEqual({ parameter: 31, width: 32 })
  expect(gapCode(2 ** 32 - 1, 2 ** 31 - 1)).toEqual({ parameter: 0, width: 32 })
})

test('readRice reads any number in any code, and riceBits tells its length', () => {
  const cases = fc.record({
    parameter: fc.integer({ min: 0, max: 32 }),
    width: fc.integer({ min: 1, max: 32 }),
  })
  fc.assert(
    fc.property(
      cases,
      fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
      (code, share) => {
        const value = Math.floor(share * 2 ** code.width)
        const bytes = new Uint8Array(Math.ceil(riceBits(value, code) / 8))
        writeRice(bitWriter(bytes), value, code)
        const reader = bitReader(bytes)
        expect(readRice(reader, code)).toBe(value)
        reader.end()
        expect(riceBits(value, code)).toBeLessThanOrEqual(longestRun + 32)
      },
    ),
    { numRuns: 1000 },
  )
})

test('crc32 is that of zlib, in one piece or several', () => {
  expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926)
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 50 }), fc.nat(50), (bytes, at) => {
      expect(crc32(bytes)).toBe(zlibSum(bytes))
      expect(crc32(bytes.subarray(at), crc32(bytes.subarray(0, at)))).toBe(zlibSum(bytes))
    }),
  )
})

test('planes hold the lowest bytes first, and come back', () => {
  expect(toPlanes(Uint8Array.of(1, 2, 3, 4, 5, 6), 2)).toEqual([
    Uint8Array.of(1, 3, 5),
    Uint8Array.of(2, 4, 6),
  ])
  const bytes = Uint8Array.from({ length: 40 }, (_, i) => 7 * i)
  for (const width of [1, 2, 4]) expect(fromPlanes(toPlanes(bytes, width))).toEqual(bytes)
})

test('entropyOfBytes is 8 bits for all bytes alike, 1 for two of them, 0 for one', () => {
  expect(entropyOfBytes(Uint8Array.from({ length: 512 }, (_, i) => i))).toBeCloseTo(8, 12)
  expect(entropyOfBytes(Uint8Array.of(3, 9, 9, 3))).toBe(1)
  expect(entropyOfBytes(new Uint8Array(5))).toBe(0)
})

test('unpackIndices reads what packIndices wrote, in as few bytes as there can be', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 8 }),
      fc.uint8Array({ maxLength: 40 }),
      (width, bytes) => {
        const indices = bytes.map((byte) => byte & (2 ** width - 1))
        const packed = packIndices(indices, width)
        expect(packed.length).toBe(Math.ceil((indices.length * width) / 8))
        expect(unpackIndices(packed, width, indices.length)).toEqual(indices)
      },
    ),
  )
  expect([...packIndices(Uint8Array.of(1, 2, 3), 5)]).toEqual([0b010_00001, 0b0_00011_00])
})
