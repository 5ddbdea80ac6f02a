import { inPortions, PORTION, ready, type Work } from '../model/work.js'
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
  *decode({ body }) {
    const codes = new Uint16Array(yield* alignedCopy(body))
    const values = new Float32Array(codes.length)
    yield* inPortions(codes.length, (from, to) =>
      values.set(decodeFloat16(codes.subarray(from, to)), from),
    )
    return values.buffer
  },
  headBytes: () => ready(0),
  mostBytes: ({ kept }) => 2 * kept,
}

/** Rounds to nearest, ties to even. */
export const float16Encoder: Encoder<Float32Array> = {
  *encode({ values }) {
    return { head: new Uint8Array(0), body: bytesOf(yield* halvesOf(values)), fields: {} }
  },
}

/** The nearest codes of half precision. */
export function* halvesOf(values: Float32Array): Work<Uint16Array<ArrayBuffer>> {
  const codes = new Uint16Array(values.length)
  yield* inPortions(values.length, (from, to) =>
    codes.set(encodeFloat16(values.subarray(from, to)), from),
  )
  return codes
}

/** The type, if it gives every value back to the bit: infinity does, and some of NaN. */
export function* halfWithAll(values: Float32Array): Work<'float16' | undefined> {
  for (let from = 0; from < values.length; from += PORTION) {
    const portion = values.subarray(from, from + PORTION)
    const decoded = new Uint32Array(decodeFloat16(encodeFloat16(portion)).buffer)
    const bits = new Uint32Array(values.buffer, values.byteOffset + 4 * from, portion.length)
    for (let i = 0; i < bits.length; i++) if (bits[i] !== decoded[i]) return undefined
    yield
  }
  return 'float16'
}
