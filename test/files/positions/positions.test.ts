import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as positions from '../../../src/files/positions/positions.js'
import { randomStream } from '../../../src/internal/random.js'
import { inOneGo } from '../do-work.js'

const encodePositions = inOneGo(positions.encodePositions)
const decodePositions = inOneGo(positions.decodePositions)

const sizeOf = (shape: readonly number[]) => shape.reduce((product, side) => product * side, 1)

/** Encodes, decodes, and checks that the same places come back, each once. */
function roundTrip(
  alive: Uint8Array,
  shape: readonly number[],
): { kind: positions.PositionKind; bytes: number } {
  const kept = alive.reduce((sum, value) => sum + value, 0)
  const ascending = Uint32Array.from(alive.keys()).filter((flat) => alive[flat] === 1)
  const { kind, countParameter, order: written, bytes } = encodePositions(ascending, shape)
  const order = decodePositions(bytes, { kind, shape, size: alive.length, kept, countParameter })
  expect(order?.join()).toBe(written?.join())
  const again = new Uint8Array(alive.length)
  for (const index of order ?? alive.keys()) again[index]! += 1
  // Not toEqual, which takes seconds for a million numbers.
  expect(Buffer.compare(again, alive)).toBe(0)
  return { kind, bytes: bytes.length }
}

function randomPlaces(size: number, density: number, seed = 1): Uint8Array {
  const { uniform } = randomStream(seed)
  return Uint8Array.from({ length: size }, () => Number(uniform() < density))
}

const entropy = (p: number) =>
  p <= 0 || p >= 1 ? 0 : -p * Math.log2(p) - (1 - p) * Math.log2(1 - p)

test.each([0.0157, 0.03125, 0.0625, 0.125, 0.25])(
  'positions at a density of %d take at most 1.03 times their entropy, as many as a Rice code can do',
  (density) => {
    for (const shape of [
      [3, 3, 256, 256],
      [700, 300],
    ]) {
      const alive = randomPlaces(sizeOf(shape), density)
      const p = alive.reduce((sum, value) => sum + value, 0) / alive.length
      const bound = (alive.length * entropy(p)) / 8
      const { bytes } = roundTrip(alive, shape)
      expect(bytes / bound).toBeLessThan(1.03)
      expect(bytes / bound).toBeGreaterThan(0.99)
    }
  },
)

test('positions above one half are written by their zeros', () => {
  const sparse = randomPlaces(40_000, 0.05)
  const dense = sparse.map((value) => 1 - value)
  expect(roundTrip(dense, [200, 200]).bytes).toBeLessThanOrEqual(
    roundTrip(sparse, [200, 200]).bytes + 2,
  )
})

test('positions take the kind that suits them', () => {
  const places = (shape: readonly number[], alive: (flat: number) => boolean) =>
    roundTrip(
      Uint8Array.from({ length: sizeOf(shape) }, (_, i) => Number(alive(i))),
      shape,
    )
  expect(places([64, 64], () => true)).toEqual({ kind: 'all', bytes: 0 })
  expect(places([64, 64], () => false)).toEqual({ kind: 'whole', bytes: 0 })
  expect(places([64, 64], (i) => i !== 70)).toEqual({ kind: 'whole', bytes: 2 })
  // A bit or two a row: whole columns cost next to nothing.
  expect(places([640, 64], (i) => i % 64 < 7).kind).toBe('columns')
  expect(places([640, 64], (i) => i % 64 < 7).bytes).toBeLessThan(64)
  expect(places([64, 640], (i) => Math.floor(i / 640) % 2 === 0).kind).toBe('rows')
  const { uniform } = randomStream(3)
  expect(places([64, 64], () => uniform() < 0.5)).toEqual({ kind: 'bitmap', bytes: 512 })
})

test('positions whose density differs between columns take fewer bits than one parameter would', () => {
  const { uniform } = randomStream(5)
  const alive = Uint8Array.from({ length: 2304 * 64 }, (_, i) =>
    Number(uniform() < (i % 2 ? 0.4 : 0.01)),
  )
  const { kind, bytes } = roundTrip(alive, [3, 3, 256, 64])
  expect(kind).toBe('columns')
  const bound = (alive.length * (entropy(0.4) + entropy(0.01))) / 2 / 8
  expect(bytes / bound).toBeLessThan(1.06)
})

test('positions of any weight come back, and take no more than a bitmap', () => {
  const shapes = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 4 })
  fc.assert(
    fc.property(
      shapes,
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.nat(999),
      (shape, density, seed) => {
        const alive = randomPlaces(sizeOf(shape), density, seed)
        expect(roundTrip(alive, shape).bytes).toBeLessThanOrEqual(Math.ceil(alive.length / 8))
      },
    ),
    { numRuns: 2000 },
  )
})

test('positions far apart are escaped, so that no code is long', () => {
  const alive = new Uint8Array(2 ** 22)
  // Most survivors close together, one a long way off: a unary quotient alone would take 2^21 bits.
  for (let i = 0; i < 2 ** 18; i++) alive[4 * i] = 1
  alive[alive.length - 1] = 1
  expect(roundTrip(alive, [2 ** 22]).bytes).toBeLessThan((2 ** 18 * 4) / 8 + 16)
})

test('decodePositions reads the example of docs/format.md', () => {
  const entry = {
    kind: 'whole',
    shape: [2, 8],
    size: 16,
    kept: 3,
    countParameter: undefined,
  } as const
  expect([...decodePositions(Uint8Array.of(0x21, 0x05), entry)!]).toEqual([0, 9, 12])
})
