import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeMask, encodeMask } from '../../src/masks/encode-mask.js'
import { createMask, type Mask } from '../../src/masks/mask.js'
import { refusalOf } from '../support/refusal-of.js'

const bytes = encodeMask(
  createMask(
    [
      {
        name: 'a/kernel',
        layer: 'a',
        role: 'kernel',
        shape: [3, 4],
        values: Uint8Array.from('101100110101'),
      },
      { name: 'b/k', layer: 'b', role: 'k', shape: [9], values: Uint8Array.from('011010010') },
    ],
    140,
  ),
)

/** The mask, which must be whole, or undefined when it was refused in the proper way. */
function decoded(input: Uint8Array): Mask | undefined {
  let mask: Mask
  try {
    mask = decodeMask(input)
  } catch (error) {
    const { name, message } = error as Error
    if (name !== 'RangeError' && name !== 'TypeError') throw error
    if (!/^Cannot (decode the|create a) mask: expected .+, got .+/s.test(message)) throw error
    return undefined
  }
  expect(createMask(mask.weights, mask.parameters)).toEqual(mask)
  return mask
}

test('decodeMask refuses every truncation', () => {
  for (let length = 0; length < bytes.length; length++)
    expect(decoded(bytes.subarray(0, length))).toBeUndefined()
  expect(decoded(bytes)).toBeDefined()
})

test('decodeMask refuses every byte too many', () => {
  for (let value = 0; value < 256; value++)
    expect(decoded(Uint8Array.from([...bytes, value]))).toBeUndefined()
})

test('decodeMask refuses or reads every corruption of a single byte, and throws nothing else', () => {
  let refused = 0
  let read = 0
  for (let at = 0; at < bytes.length; at++) {
    const broken = bytes.slice()
    for (let value = 0; value < 256; value++) {
      if (value === bytes[at]) continue
      broken[at] = value
      if (decoded(broken)) read++
      else refused++
    }
  }
  expect(refused + read).toBe(bytes.length * 255)
  expect(refused).toBeGreaterThan(read)
})

test('decodeMask refuses every corruption of magic, version and header length', () => {
  for (let at = 0; at < 12; at++) {
    for (let value = 0; value < 256; value++) {
      if (value !== bytes[at]) expect(decoded(bytes.with(at, value))).toBeUndefined()
    }
  }
})

test('decodeMask refuses or reads random bytes behind a true preamble', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), fc.string(), (tail, json) => {
      const text = new TextEncoder().encode(json)
      const preamble = [...bytes.subarray(0, 8), text.length & 255, text.length >> 8, 0, 0]
      decoded(Uint8Array.from([...preamble, ...text, ...tail]))
    }),
  )
})

test.each([
  ['2^31 weights', [2 ** 31]],
  ['2^53 weights', [2 ** 53 - 1]],
  ['10^300 weights', [1e150, 1e150]],
  ['more weights than there are numbers', [1e300, 1e300]],
  ['a thousand million in many sides', Array(30).fill(2)],
])('decodeMask refuses a header that claims %s before it allocates', (_, shape) => {
  const weight = { name: 'a/kernel', layer: 'a', role: 'kernel', shape }
  const header = new TextEncoder().encode(
    JSON.stringify({ parameters: 2 ** 53, weights: [weight] }),
  )
  const claim = Uint8Array.from([
    ...bytes.subarray(0, 8),
    header.length,
    0,
    0,
    0,
    ...header,
    255,
    255,
  ])
  const before = process.memoryUsage().arrayBuffers
  expect(refusalOf(() => decodeMask(claim))).toMatch(
    /^RangeError: Cannot decode the mask: expected .+ bytes, got \d+/,
  )
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1e6)
})
