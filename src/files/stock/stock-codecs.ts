import type { Range } from '../codecs/check-fit.js'
import { float16, halvesOf } from '../codecs/float16.js'
import { largestFloat32 } from '../codecs/largest-finite.js'
import type { QuantisedType } from '../model/value-type.js'
import type { Work } from '../model/work.js'
import { encodeAffine } from './affine.js'

/** A weight as stock tfjs stores it: codes, and the line on which whole numbers lie. */
export interface StockValues {
  readonly bytes: ArrayBuffer
  readonly scale?: number
  readonly min?: number
}

/** All that is known of a type of stock files; tfjs has the decoder. */
export interface StockCodec extends Range {
  /** Bits of one value. */
  readonly bits: number
  readonly encode: (values: Float32Array) => Work<StockValues>
}

/** The codec of each type, small to large: a type without one does not compile. */
export const stockCodecs: Readonly<Record<QuantisedType, StockCodec>> = {
  uint8: affine(8),
  uint16: affine(16),
  float16: {
    bits: 16,
    holds: float16.holds,
    fits: float16.fits,
    *encode(values) {
      return { bytes: (yield* halvesOf(values)).buffer }
    },
  },
}

/** The types that stock tfjs reads, its own float32 not counted, small to large. */
export const quantisedTypes = Object.keys(stockCodecs) as readonly QuantisedType[]

/** Whole numbers on a line. Half a step beyond the largest code still has to be finite. */
function affine(bits: 8 | 16): StockCodec {
  const largest = largestFloat32 * (1 - 1 / (2 ** bits - 1))
  return {
    bits,
    holds: `values between -${largest} and ${largest}`,
    fits: (value) => Math.abs(value) <= largest,
    *encode(values) {
      const { codes, scale, min } = yield* encodeAffine(values, bits)
      return { bytes: codes.buffer, scale, min }
    },
  }
}
