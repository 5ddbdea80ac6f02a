import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as centres from '../../../src/files/codecs/nearest-centres.js'
import golden from '../../golden/values.json'
import { inOneGo } from '../do-work.js'

const encodeCodebook = inOneGo(centres.encodeCodebook)
const decodeCodebook = inOneGo(centres.decodeCodebook)

const LARGEST = 3.4028234663852886e38
const goldenValues = golden.codebook.values as Record<string, number[]>
const finite = fc.float({ noNaN: true, noDefaultInfinity: true })
const bitCounts = fc.integer({ min: 1, max: 8 })

function squaredError(values: Float32Array, bits: number): number {
  const decoded = decodeCodebook(encodeCodebook(values, bits))
  return values.reduce((sum, value, i) => sum + (value - decoded[i]!) ** 2, 0)
}

describe('encodeCodebook', () => {
  it.each(golden.codebook.rows)(
    'encodeCodebook is within 15 % of the least squared error of any codebook: $name, $bits bits',
    ({ name, bits, leastError }) => {
      const error = squaredError(Float32Array.from(goldenValues[name]!), bits)
      expect(error).toBeGreaterThanOrEqual(leastError * (1 - 1e-6))
      expect(error).toBeLessThanOrEqual(leastError * 1.15)
    },
  )

  it("encodeCodebook is on average no worse than the best of ten starts of scikit-learn's KMeans", () => {
    const logs = golden.codebook.rows.map(({ name, bits, kMeansError }) =>
      Math.log(squaredError(Float32Array.from(goldenValues[name]!), bits) / kMeansError),
    )
    expect(logs.reduce((a, b) => a + b) / logs.length).toBeLessThan(0)
  })

  it('encodeCodebook loses nothing where there are no more different values than centres', () => {
    fc.assert(
      fc.property(bitCounts, fc.array(finite, { maxLength: 256 }), fc.nat(), (bits, list, seed) => {
        const few = list.slice(0, 2 ** bits)
        const values = Float32Array.from(
          few.concat(few.map((_, i) => few[(i * 7 + seed) % few.length]!)),
        )
        const encoded = encodeCodebook(values, bits)
        expect(Array.from(decodeCodebook(encoded))).toEqual(
          Array.from(values, (value) => value + 0),
        )
        expect(Array.from(encoded.centres)).toEqual(
          [...new Set(values)].map((v) => v + 0).sort((a, b) => a - b),
        )
      }),
    )
  })

  it('encodeCodebook takes the nearest of at most 2^bits ascending centres, whatever the values', () => {
    fc.assert(
      fc.property(bitCounts, fc.array(finite, { minLength: 1, maxLength: 400 }), (bits, list) => {
        const values = Float32Array.from(list)
        const { indices, centres } = encodeCodebook(values, bits)
        expect(centres.length).toBeLessThanOrEqual(2 ** bits)
        for (let i = 1; i < centres.length; i++) expect(centres[i]).toBeGreaterThan(centres[i - 1]!)
        for (const [i, value] of values.entries()) {
          const distance = Math.abs(centres[indices[i]!]! - value)
          expect(distance).toBeLessThanOrEqual(
            Math.min(...Array.from(centres, (c) => Math.abs(c - value))),
          )
        }
      }),
    )
  })

  it('encodeCodebook has every centre inside its own values, also beside the largest float32', () => {
    const values = Float32Array.from([
      -LARGEST,
      LARGEST,
      ...Array.from({ length: 60 }, (_, i) => (i - 30) / 1000),
    ])
    const { indices, centres } = encodeCodebook(values, 4)
    for (const [place, centre] of centres.entries()) {
      const own = values.filter((_, i) => indices[i] === place)
      expect(own.length).toBeGreaterThan(0)
      expect(centre).toBeGreaterThanOrEqual(Math.min(...own))
      expect(centre).toBeLessThanOrEqual(Math.max(...own))
    }
    const decoded = decodeCodebook({ indices, centres })
    expect(Array.from(decoded.subarray(0, 2))).toEqual([
      -Math.fround(LARGEST),
      Math.fround(LARGEST),
    ])
  })

  it('encodeCodebook does not depend on the order of the values', () => {
    fc.assert(
      fc.property(fc.array(finite, { minLength: 1, maxLength: 100 }), (list) => {
        const forward = encodeCodebook(Float32Array.from(list), 4)
        const backward = encodeCodebook(Float32Array.from(list.toReversed()), 4)
        expect(backward.centres).toEqual(forward.centres)
        expect(Array.from(backward.indices.toReversed())).toEqual(Array.from(forward.indices))
      }),
    )
  })

  it('encodeCodebook makes these very numbers, on every engine', () => {
    const values = Float32Array.of(0, 1, 2, 10, 11, 30)
    const { indices, centres } = encodeCodebook(values, 1)
    expect([Array.from(indices), Array.from(centres)]).toEqual([
      [0, 0, 0, 0, 0, 1],
      [Math.fround(4.8), 30],
    ])
  })

  it('encodeCodebook of one value is that value, and of nothing is empty', () => {
    expect(encodeCodebook(Float32Array.of(0.1), 4)).toEqual({
      indices: Uint8Array.of(0),
      centres: Float32Array.of(0.1),
    })
    expect(encodeCodebook(new Float32Array(0), 4)).toEqual({
      indices: new Uint8Array(0),
      centres: new Float32Array(0),
    })
    expect(decodeCodebook({ indices: new Uint8Array(0), centres: new Float32Array(0) })).toEqual(
      new Float32Array(0),
    )
  })

  it('encodeCodebook gives +0 for zeros, and leaves its values as they are', () => {
    const values = Float32Array.of(3, -0, 1)
    expect(Object.is(decodeCodebook(encodeCodebook(values, 4))[1], 0)).toBe(true)
    expect(Object.is(values[1], -0)).toBe(true)
    expect(Array.from(values)).toEqual([3, -0, 1])
  })
})
