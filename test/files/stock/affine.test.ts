import { io } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as affine from '../../../src/files/stock/affine.js'
import { decodeAffine } from '../../support/decode-affine.js'
import { inOneGo } from '../do-work.js'

const encodeAffine = inOneGo(affine.encodeAffine)

const DTYPES = ['uint8', 'uint16'] as const
const LARGEST = 3.4028234663852886e38

const finite = fc.float({ noNaN: true, noDefaultInfinity: true })
/** Lists of values around one size, and lists of any sizes. */
const lists = fc.oneof(
  fc.array(finite, { minLength: 1, maxLength: 40 }),
  fc
    .tuple(
      fc.array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 40 }),
      fc.integer({ min: -149, max: 127 }),
    )
    .map(([values, exponent]) => values.map((value) => Math.fround(value * 2 ** exponent))),
)

/** What stock tfjs makes of the codes, with scale and min through JSON as in a model.json. */
function stockDecode(
  { codes, scale, min }: affine.AffineValues,
  dtype: 'uint8' | 'uint16',
): Float32Array {
  const spec = JSON.parse(
    JSON.stringify({
      name: 'w',
      shape: [codes.length],
      dtype: 'float32',
      quantization: { dtype, scale, min },
    }),
  ) as io.WeightsManifestEntry
  const { w } = io.decodeWeights(codes.slice().buffer as ArrayBuffer, [spec])
  const values = w!.dataSync() as Float32Array
  w!.dispose()
  return values
}

describe.each(DTYPES)('encodeAffine to %s', (dtype) => {
  const last = dtype === 'uint8' ? 255 : 65535
  const bits = dtype === 'uint8' ? 8 : 16

  it(`encodeAffine to ${dtype} errs by at most half a step, but for the rounding to float32`, () => {
    fc.assert(
      fc.property(lists, (list) => {
        const values = Float32Array.from(list)
        const encoded = encodeAffine(values, bits)
        const decoded = decodeAffine(encoded)
        for (const [i, value] of values.entries()) {
          const rounding = Math.max(Math.abs(decoded[i]!) * 2 ** -23, 2 ** -149)
          expect(Math.abs(decoded[i]! - value)).toBeLessThanOrEqual(
            (encoded.scale / 2) * (1 + 1e-9) + rounding,
          )
        }
      }),
      { numRuns: 500 },
    )
  })

  it(`encodeAffine to ${dtype} keeps zeros exact, as +0, whatever the range`, () => {
    fc.assert(
      fc.property(lists, (list) => {
        const values = Float32Array.from([-0, ...list, 0])
        const decoded = decodeAffine(encodeAffine(values, bits))
        for (const [i, value] of values.entries()) if (value === 0) expect(decoded[i]).toBe(0)
        expect(Array.from(decoded).some((value) => Object.is(value, -0))).toBe(false)
      }),
      { numRuns: 500 },
    )
  })

  it(`encodeAffine to ${dtype} has a finite step above 0 and a min of minus a whole number of steps`, () => {
    fc.assert(
      fc.property(lists, (list) => {
        const { scale, min } = encodeAffine(Float32Array.from(list), bits)
        expect(scale).toBeGreaterThan(0)
        expect(Number.isFinite(scale)).toBe(true)
        expect(Object.is(min, -0)).toBe(false)
        const zero = Math.round(-min / scale)
        expect(zero).toBeGreaterThanOrEqual(0)
        expect(zero).toBeLessThanOrEqual(last)
        expect(zero * scale + min).toBe(0)
      }),
    )
  })

  it(`decodeAffine of ${dtype} gives what stock tfjs gives after a trip through JSON`, () => {
    fc.assert(
      fc.property(lists, (list) => {
        const encoded = encodeAffine(Float32Array.from(list), bits)
        expect(decodeAffine(encoded)).toEqual(stockDecode(encoded, dtype))
      }),
    )
  })

  it.each([
    ['all positive', [3, 4, 5], [0, 5]],
    ['all negative', [-3, -4, -5], [-5, 0]],
    ['mixed', [-1, 3], [-1, 3]],
    ['constant', [0.1, 0.1], [0, 0.1]],
    ['constant below zero', [-0.1], [-0.1, 0]],
    ['subnormal', [1e-45, -3e-45], [-3e-45, 1e-45]],
    ['wider than float32', [-LARGEST, LARGEST], [-LARGEST, LARGEST]],
  ] as const)(`encodeAffine to ${dtype} spans the range and zero: %s`, (_, list, [low, high]) => {
    const values = Float32Array.from(list)
    const encoded = encodeAffine(values, bits)
    expect(encoded.scale).toBe((Math.fround(high) - Math.fround(low)) / last)
    const decoded = decodeAffine(encoded)
    for (const [i, value] of values.entries()) {
      const rounding = Math.max(Math.abs(value) * 2 ** -23, 2 ** -149)
      expect(Math.abs(decoded[i]! - value)).toBeLessThanOrEqual(encoded.scale / 2 + rounding)
      expect(Number.isFinite(decoded[i])).toBe(true)
    }
  })

  it(`encodeAffine to ${dtype} gives constants back exactly`, () => {
    fc.assert(
      fc.property(finite, (value) => {
        const values = Float32Array.of(value, value)
        expect(decodeAffine(encodeAffine(values, bits))[0]).toBe(Math.fround(0 + value))
      }),
    )
  })

  it(`encodeAffine to ${dtype} of zeros alone, or of nothing, has a step of 1 from 0`, () => {
    for (const values of [new Float32Array(3), Float32Array.of(-0, 0), new Float32Array(0)]) {
      const encoded = encodeAffine(values, bits)
      expect([encoded.scale, encoded.min]).toEqual([1, 0])
      expect(decodeAffine(encoded)).toEqual(new Float32Array(values.length))
    }
  })

  it(`encodeAffine to ${dtype} uses the codes at both ends`, () => {
    const { codes } = encodeAffine(Float32Array.of(-0.3, 0, 0.9), bits)
    expect([codes[0], codes[2]]).toEqual([0, last])
    expect(codes.constructor.name).toBe(dtype === 'uint8' ? 'Uint8Array' : 'Uint16Array')
  })
})
