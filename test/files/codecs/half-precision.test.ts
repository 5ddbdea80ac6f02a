import { createHash } from 'node:crypto'
import { io } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  decodeFloat16,
  encodeFloat16,
  largestFloat16,
} from '../../../src/files/codecs/half-precision.js'
import golden from '../../golden/values.json'

const ALL_CODES = Uint16Array.from({ length: 65536 }, (_, code) => code)

const bitsOf = (values: Float32Array) => new Uint32Array(values.slice().buffer)
const fromBits = (bits: readonly number[]) => new Float32Array(Uint32Array.from(bits).buffer)

/** The code that NumPy gives, with zero as +0. */
const unsignedZero = (code: number) => (code === 0x8000 ? 0 : code)

describe('decodeFloat16', () => {
  it('decodeFloat16 gives the values of NumPy for all 65,536 codes', () => {
    const bits = bitsOf(decodeFloat16(ALL_CODES)).map((value) =>
      (value & 0x7fffffff) > 0x7f800000 ? 0x7fc00000 : value,
    )
    expect(createHash('sha256').update(new Uint8Array(bits.buffer)).digest('hex')).toBe(
      golden.float16.decodedSha256,
    )
  })

  it('decodeFloat16 gives bit for bit what stock tfjs decodes, for all codes', () => {
    const spec = {
      name: 'w',
      shape: [65536],
      dtype: 'float32',
      quantization: { dtype: 'float16' },
    } as const
    const { w } = io.decodeWeights(ALL_CODES.slice().buffer, [
      spec as unknown as io.WeightsManifestEntry,
    ])
    const stock = w!.dataSync() as Float32Array
    w!.dispose()
    expect(bitsOf(decodeFloat16(ALL_CODES))).toEqual(bitsOf(stock))
  })
})

describe('encodeFloat16', () => {
  it('encodeFloat16 agrees with NumPy around every boundary: ties, subnormals, the largest, the tiniest', () => {
    const { bits, codes } = golden.float16
    expect(Array.from(encodeFloat16(fromBits(bits)))).toEqual(codes.map(unsignedZero))
  })

  it('encodeFloat16 gives each code back for its value', () => {
    const finite = ALL_CODES.filter((code) => (code & 0x7c00) !== 0x7c00)
    expect(Array.from(encodeFloat16(decodeFloat16(finite)))).toEqual(
      Array.from(finite, unsignedZero),
    )
  })

  it('encodeFloat16 rounds a tie to the even code', () => {
    const [low, high] = [1 + 2 ** -11, 1 + 3 * 2 ** -11]
    expect(
      Array.from(encodeFloat16(Float32Array.of(low, high, -low, 2 ** -25, 3 * 2 ** -25))),
    ).toEqual([0x3c00, 0x3c02, 0xbc00, 0, 2])
  })

  it('encodeFloat16 writes +0 for zeros and for what is too small, whatever the sign', () => {
    const codes = encodeFloat16(Float32Array.of(0, -0, -1e-30, 1e-30, -(2 ** -25), -1e-45))
    expect(Array.from(codes)).toEqual([0, 0, 0, 0, 0, 0])
    expect(Array.from(decodeFloat16(codes)).every((value) => Object.is(value, 0))).toBe(true)
  })

  it('encodeFloat16 knows its limit: above it rounds to infinity at last', () => {
    const values = Float32Array.of(
      largestFloat16,
      -largestFloat16,
      65519.996,
      65520,
      -1e30,
      Infinity,
      Number.NaN,
    )
    expect(Array.from(encodeFloat16(values))).toEqual([
      0x7bff, 0xfbff, 0x7bff, 0x7c00, 0xfc00, 0x7c00, 0x7e00,
    ])
  })

  it('encodeFloat16 errs by at most 2^-11 of the value, or 2^-25', () => {
    const finite = fc.float({ min: -largestFloat16, max: largestFloat16, noNaN: true })
    fc.assert(
      fc.property(fc.array(finite), (list) => {
        const values = Float32Array.from(list)
        const decoded = decodeFloat16(encodeFloat16(values))
        for (const [i, value] of values.entries()) {
          expect(Math.abs(decoded[i]! - value)).toBeLessThanOrEqual(
            Math.max(Math.abs(value) * 2 ** -11, 2 ** -25),
          )
        }
      }),
    )
  })

  it('encodeFloat16 reads a view of a larger buffer, and leaves it as it is', () => {
    const all = Float32Array.of(7, 1, -2, 9)
    expect(Array.from(encodeFloat16(all.subarray(1, 3)))).toEqual([0x3c00, 0xc000])
    expect(Array.from(all)).toEqual([7, 1, -2, 9])
    expect(encodeFloat16(new Float32Array(0))).toEqual(new Uint16Array(0))
  })
})
