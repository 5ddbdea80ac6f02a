/** Largest finite float16. Callers refuse values beyond it. */
export const largestFloat16 = 65504

/** Bits of 2^-14, the smallest normal float16, as a float32. */
const SMALLEST_NORMAL = 0x38800000
/** Difference of the two exponent biases, 127 - 15, at its place in a float32. */
const BIAS = 0x38000000
const INFINITY_32 = 0x7f800000
const INFINITY_16 = 0x7c00
const NAN_16 = 0x7e00
/** Adding and subtracting it rounds a smaller float64 to a whole number, ties to even. */
const WHOLE = 2 ** 52

/**
 * IEEE 754 half-precision codes of float32 values: nearest, ties to even, with subnormals.
 *
 * The relative error is at most 2^-11 from 2^-14 on, the absolute error at most 2^-25 below. A
 * value that rounds to zero gives +0, also from below. Values of 65520 and more give infinity:
 * callers refuse those above {@link largestFloat16}.
 */
export function encodeFloat16(values: Float32Array): Uint16Array<ArrayBuffer> {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length)
  const codes = new Uint16Array(values.length)
  for (let i = 0; i < values.length; i++) {
    const magnitude = bits[i]! & 0x7fffffff
    const code = magnitude < SMALLEST_NORMAL ? subnormal(Math.abs(values[i]!)) : normal(magnitude)
    if (code !== 0) codes[i] = code | ((bits[i]! >>> 16) & 0x8000)
  }
  return codes
}

/** Values of half-precision codes, bit for bit those that stock tfjs decodes. */
export function decodeFloat16(codes: Uint16Array): Float32Array<ArrayBuffer> {
  const values = new Float32Array(codes.length)
  const bits = new Uint32Array(values.buffer)
  for (let i = 0; i < codes.length; i++) {
    const magnitude = codes[i]! & 0x7fff
    if (magnitude < 0x0400) values[i] = magnitude * 2 ** -24
    else bits[i] = (magnitude << 13) + (magnitude < INFINITY_16 ? BIAS : 2 * BIAS)
    bits[i]! |= (codes[i]! & 0x8000) << 16
  }
  return values
}

function normal(magnitude: number): number {
  if (magnitude > INFINITY_32) return NAN_16
  const odd = (magnitude >>> 13) & 1
  return Math.min((magnitude - BIAS + 0xfff + odd) >>> 13, INFINITY_16)
}

function subnormal(magnitude: number): number {
  return magnitude * 2 ** 24 + WHOLE - WHOLE
}
