import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeMask, encodeMask } from '../../src/masks/encode-mask.js'
import { createMask, type Mask } from '../../src/masks/mask.js'
import { refusalOf } from '../support/refusal-of.js'

const small = createMask(
  [
    {
      name: 'a/kernel',
      layer: 'a',
      role: 'kernel',
      shape: [3, 3],
      values: Uint8Array.of(1, 0, 0, 1, 1, 0, 1, 0, 1),
    },
    { name: 'b/bias', layer: 'b', role: 'bias', shape: [2], values: Uint8Array.of(0, 1) },
  ],
  20,
)

/**
 * Bytes with a header of choice: the format as the documentation tells it, written a second time.
 */
function bytesOf(
  header: unknown,
  bits: readonly number[] = [],
  { magic = 'PMSK', version = 1 } = {},
): Uint8Array {
  const json = new TextEncoder().encode(
    typeof header === 'string' ? header : JSON.stringify(header),
  )
  const words = new Uint8Array(new Uint32Array([version, json.length]).buffer)
  return Uint8Array.from([...new TextEncoder().encode(magic), ...words, ...json, ...bits])
}
const part = (shape: unknown) => ({ name: 'a/kernel', layer: 'a', role: 'kernel', shape })

test('encodeMask writes the layout that it documents', () => {
  const weights = small.weights.map(({ name, layer, role, shape }) => ({
    name,
    layer,
    role,
    shape,
  }))
  const written = bytesOf({ parameters: 20, weights }, [0b0101_1001, 0b1, 0b10])
  expect(encodeMask(small)).toEqual(written)
  expect(decodeMask(written)).toEqual(small)
})

test('decodeMask gives back any mask, names in any script included', () => {
  const weight = fc.record({
    name: fc.string({ unit: 'grapheme', minLength: 1 }),
    shape: fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 4 }),
    seed: fc.nat(),
  })
  fc.assert(
    fc.property(
      fc.uniqueArray(weight, { minLength: 1, maxLength: 4, selector: ({ name }) => name }),
      (parts) => {
        const weights = parts.map(({ name, shape, seed }) => {
          const size = shape.reduce((product, side) => product * side, 1)
          const values = Uint8Array.from({ length: size }, (_, i) => ((seed >> (i % 13)) ^ i) & 1)
          return { name, layer: name.slice(1), role: 'kernel', shape, values }
        })
        const mask = createMask(weights, 10_000)
        expect(decodeMask(encodeMask(mask))).toEqual(mask)
      },
    ),
  )
})

test('encodeMask takes one bit a weight', () => {
  const values = new Uint8Array(100_000).fill(1)
  const mask = createMask(
    [{ name: 'a/kernel', layer: 'a', role: 'kernel', shape: [100_000], values }],
    100_000,
  )
  expect(encodeMask(mask).length).toBeLessThan(100_000 / 8 + 120)
})

test('decodeMask reads a part of a larger buffer', () => {
  const bytes = encodeMask(small)
  const larger = new Uint8Array(bytes.length + 6).fill(7)
  larger.set(bytes, 3)
  expect(decodeMask(larger.subarray(3, 3 + bytes.length))).toEqual(small)
})

test.each<[() => Uint8Array, string]>([
  [
    () => new Uint8Array(11),
    'RangeError: Cannot decode the mask: expected at least 12 bytes, got 11',
  ],
  [
    () => bytesOf({}, [], { magic: 'PK\u0003\u0004' }),
    'RangeError: Cannot decode the mask: expected bytes that start with PMSK, got others',
  ],
  [
    () => bytesOf({}, [], { version: 2 }),
    'RangeError: Cannot decode the mask: expected version 1, got 2',
  ],
  [
    () => bytesOf({}).subarray(0, 13),
    'RangeError: Cannot decode the mask: expected a header of 2 bytes, got 1',
  ],
  [
    () => bytesOf('{"parameters":'),
    'RangeError: Cannot decode the mask: expected a header in JSON, got a broken one',
  ],
  [
    () => bytesOf({ parameters: 4, weights: [part([4])] }),
    'RangeError: Cannot decode the mask: expected 101 bytes, got 100',
  ],
  [
    () => bytesOf({ parameters: 4, weights: [part([4])] }, [1, 1]),
    'RangeError: Cannot decode the mask: expected 101 bytes, got 102',
  ],
  [
    () => bytesOf({ parameters: 3, weights: [part([4])] }, [15]),
    'RangeError: Cannot create a mask: expected at least 4 parameters in all, got 3',
  ],
  [
    () => bytesOf({ parameters: 3, weights: [] }),
    'RangeError: Cannot create a mask: expected at least one weight, got none',
  ],
])('decodeMask refuses bytes that are no mask %#', (bytes, message) => {
  expect(refusalOf(() => decodeMask(bytes()))).toBe(message)
})

test('decodeMask refuses each bit behind the last value of a weight', () => {
  const bytes = encodeMask(small)
  // The values end with two bytes of 9 values and one of 2.
  const [nine, two] = [bytes.length - 2, bytes.length - 1]
  for (const [at, from, name] of [
    [nine, 1, 'a/kernel'],
    [two, 2, 'b/bias'],
  ] as const) {
    for (let bit = 0; bit < 8; bit++) {
      const changed = bytes.slice()
      changed[at]! ^= 1 << bit
      const read = () => decodeMask(changed)
      if (bit < from) expect(read().kept).not.toBe(small.kept)
      else
        expect(refusalOf(read)).toBe(
          `RangeError: Cannot decode the mask: expected bits 0 behind the values of ${name}, got others`,
        )
    }
  }
})

test.each([
  null,
  3,
  [],
  {},
  { parameters: '4', weights: [part([4])] },
  { parameters: 4, weights: {} },
  { parameters: 4, weights: [null] },
  { parameters: 4, weights: [{ ...part([4]), name: 5 }] },
  { parameters: 4, weights: [part('4')] },
  { parameters: 4, weights: [part([0])] },
  { parameters: 4, weights: [part([-2, -2])] },
  { parameters: 4, weights: [part([1.5])] },
])('decodeMask refuses the header %j', (header) => {
  expect(refusalOf(() => decodeMask(bytesOf(header, [15])))).toBe(
    'RangeError: Cannot decode the mask: expected a header with parameters and weights, got another one',
  )
})

test.each([undefined, null, 'PMSK', [1, 2], new ArrayBuffer(4), new Float32Array(4)])(
  'decodeMask refuses %s, which is no Uint8Array',
  (bytes) => {
    expect(refusalOf(() => decodeMask(bytes as never))).toBe(
      `TypeError: Cannot decode the mask: expected a Uint8Array, got ${typeof bytes}`,
    )
  },
)

test('encodeMask does not depend on where a mask came from', () => {
  const copy: Mask = structuredClone(small)
  expect(encodeMask(copy)).toEqual(encodeMask(small))
})
