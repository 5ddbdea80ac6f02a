import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as codes from '../../../src/files/codecs/channel-codes.js'
import { inOneGo } from '../do-work.js'

const [encodeInt8, decodeInt8] = [inOneGo(codes.encodeInt8), inOneGo(codes.decodeInt8)]

const LARGEST = 3.4028234663852886e38
const exponents = fc.integer({ min: -140, max: 126 })
const unit = fc.float({ min: -1, max: 1, noNaN: true })

/** Values of channels of different sizes. */
const cases = fc
  .tuple(exponents, fc.array(fc.tuple(unit, fc.integer({ min: 0, max: 9 })), { maxLength: 60 }))
  .map(([exponent, list]) => ({
    values: Float32Array.from(
      list,
      ([value, channel]) => value * 2 ** Math.max(exponent - 2 * channel, -149),
    ),
    channels: Uint32Array.from(list, ([, channel]) => channel * 3),
  }))

/** Step of a channel by its definition, in the arithmetic of the mathematics library. */
const step = (scale: number, byte: number) => scale * 2 ** (-byte / 16)

function stepsOfValues(
  { scale, steps }: { scale: number; steps: Uint8Array },
  channels: Uint32Array,
): number[] {
  const present = [...new Set(channels)].sort((a, b) => a - b)
  return Array.from(channels, (channel) => step(scale, steps[present.indexOf(channel)]!))
}

describe('encodeInt8', () => {
  it('encodeInt8 errs by at most half of the step of the channel, and clips nothing', () => {
    fc.assert(
      fc.property(cases, ({ values, channels }) => {
        const encoded = encodeInt8(values, channels)
        const decoded = decodeInt8(encoded, channels)
        const steps = stepsOfValues(encoded, channels)
        for (const [i, value] of values.entries()) {
          const rounding = Math.max(Math.abs(value) * 2 ** -23, 2 ** -149)
          expect(Math.abs(decoded[i]! - value)).toBeLessThanOrEqual(
            (steps[i]! / 2) * (1 + 1e-12) + rounding,
          )
          expect(Math.abs(encoded.codes[i]!)).toBeLessThanOrEqual(127)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('encodeInt8 errs by at most 2^(1/16) / 254 of the largest of the channel, or 2^(-255/16) / 254 of the largest of all', () => {
    const channelled = fc.array(fc.tuple(unit, fc.integer({ min: 0, max: 9 })), {
      minLength: 1,
      maxLength: 60,
    })
    fc.assert(
      fc.property(channelled, (list) => {
        const values = Float32Array.from(list, ([value, channel]) => value * 8 ** -channel)
        const channels = Uint32Array.from(list, ([, channel]) => channel)
        const decoded = decodeInt8(encodeInt8(values, channels), channels)
        const largest = Math.max(...values.map(Math.abs))
        for (const [i, value] of values.entries()) {
          const ofChannel = Math.max(
            ...values.filter((_, j) => channels[j] === channels[i]).map(Math.abs),
          )
          const bound = Math.max(ofChannel * 2 ** (1 / 16), largest * 2 ** (-255 / 16)) / 254
          expect(Math.abs(decoded[i]! - value)).toBeLessThanOrEqual(
            bound * (1 + 2 ** -20) + 2 ** -149,
          )
        }
      }),
    )
  })

  it('encodeInt8 has one step a channel that occurs, in ascending order, the largest of them 0', () => {
    const { codes, scale, steps } = encodeInt8(
      Float32Array.of(0.5, -1.27, 2.54, 0.01),
      Uint32Array.of(9, 2, 5, 9),
    )
    expect(scale).toBeCloseTo(0.02, 7)
    expect(Array.from(steps)).toEqual([16, 0, Math.floor(16 * Math.log2(2.54 / 0.5))])
    expect([codes[1], codes[2]]).toEqual([-127, 127])
  })

  it('encodeInt8 makes these very bytes, on every engine', () => {
    const values = Float32Array.of(0.3, -0.7, 0.11, 0.013, -0.0002, 1e-9)
    const { codes, scale, steps } = encodeInt8(values, Uint32Array.of(0, 0, 1, 1, 2, 3))
    expect(Array.from(codes)).toEqual([54, -127, 123, 15, -125, 0])
    expect(scale).toBe(0.005511811003088951)
    expect(Array.from(steps)).toEqual([0, 42, 188, 255])
  })

  it('encodeInt8 rounds the scale up to float32, by less than one unit of it', () => {
    fc.assert(
      fc.property(
        fc.float({ min: Math.fround(1e-30), max: Math.fround(3e38), noNaN: true }),
        (value) => {
          const { scale, codes } = encodeInt8(Float32Array.of(value), Uint32Array.of(0))
          expect(Math.fround(scale)).toBe(scale)
          expect(scale).toBeGreaterThanOrEqual(value / 127)
          expect(scale).toBeLessThanOrEqual((value / 127) * (1 + 2 ** -23))
          expect(codes[0]).toBe(127)
        },
      ),
    )
  })

  it('encodeInt8 stands the smallest and the largest float32', () => {
    const channels = Uint32Array.of(0, 1, 1)
    for (const list of [
      [1e-45, -1e-45, 3e-45],
      [LARGEST, -LARGEST, LARGEST],
      [LARGEST, 1e-45, -1e-45],
    ]) {
      const values = Float32Array.from(list)
      const decoded = decodeInt8(encodeInt8(values, channels), channels)
      for (const [i, value] of values.entries()) {
        expect(Number.isFinite(decoded[i])).toBe(true)
        expect(Object.is(decoded[i], -0)).toBe(false)
        expect(Math.abs(decoded[i]! - value)).toBeLessThanOrEqual(
          Math.max(...values) / 254 + 2 ** -149,
        )
      }
    }
  })

  it('encodeInt8 of zeros alone has scale 0, and of nothing is empty', () => {
    const zeros = encodeInt8(Float32Array.of(0, -0), Uint32Array.of(4, 4))
    expect(zeros).toEqual({ codes: new Int8Array(2), scale: 0, steps: Uint8Array.of(255) })
    expect(decodeInt8(zeros, Uint32Array.of(4, 4))).toEqual(new Float32Array(2))
    const none = encodeInt8(new Float32Array(0), new Uint32Array(0))
    expect(none).toEqual({ codes: new Int8Array(0), scale: 0, steps: new Uint8Array(0) })
    expect(decodeInt8(none, new Uint32Array(0))).toEqual(new Float32Array(0))
  })
})

describe('decodeInt8', () => {
  it('decodeInt8 knows every step: scale 2^(-byte / 16)', () => {
    const steps = Uint8Array.from({ length: 256 }, (_, byte) => byte)
    const decoded = decodeInt8(
      { codes: new Int8Array(256).fill(127), scale: 1, steps },
      Uint32Array.from(steps),
    )
    expect(decoded).toEqual(Float32Array.from(steps, (byte) => 127 * step(1, byte)))
  })

  it('decodeInt8 multiplies codes with steps, and zeros are +0', () => {
    const encoded = { codes: Int8Array.of(2, -3, 0, 127), scale: 0.5, steps: Uint8Array.of(32, 8) }
    const decoded = decodeInt8(encoded, Uint32Array.of(1, 1, 1, 7))
    expect(Array.from(decoded)).toEqual([0.25, -0.375, 0, Math.fround(63.5 * Math.SQRT1_2)])
    expect(Object.is(decoded[2], 0)).toBe(true)
  })
})
