import { alignedCopy, bytesOf } from './bytes.js'
import type { Codec, Encoder } from './codec.js'
import { decodeFloat16, encodeFloat16, largestFloat16 } from './half-precision.js'

/** The nearest number of half precision: 2 bytes a value. */
export const float16: Codec = {
  dtype: 'float32',
  bits: 16,
  width: 2,
  holds: `values between -${largestFloat16} and ${largestFloat16}`,
  fits: (value) => Math.abs(value) <= largestFloat16,
  decode: ({ body }) => decodeFloat16(new Uint16Array(alignedCopy(body))).buffer,
  headBytes: () => 0,
  mostBytes: ({ kept }) => 2 * kept,
}

/** Rounds to nearest, ties to even. */
export const float16Encoder: Encoder<Float32Array> = {
  encode: ({ values }) => ({
    head: new Uint8Array(0),
    body: bytesOf(encodeFloat16(values)),
    fields: {},
  }),
}
