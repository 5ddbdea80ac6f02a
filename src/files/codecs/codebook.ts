import { refusal } from '../model/refusal.js'
import { type CompressedType, lossless } from '../model/value-type.js'
import { alignedCopy, bytesOf } from './bytes.js'
import type { Codec, Encoder } from './codec.js'
import { exactCodebook } from './exact-codebook.js'
import { decodeCodebook, encodeCodebook } from './nearest-centres.js'

/** Most entries of a codebook: an index is a byte. */
export const mostCentres = 256

type CodebookBits = 4 | 5 | 6 | 7 | 8

/**
 * Indices of so many bits into a codebook of the weight, which is the head. Values of which no more
 * differ than it has entries come back as they are.
 */
export function codebook(bits: CodebookBits): Codec {
  const most = 2 ** bits
  return {
    dtype: 'float32',
    bits,
    width: 1,
    holds: 'finite values',
    fits: Number.isFinite,
    decode: ({ head, body: indices }, { name }) => {
      const centres = new Float32Array(alignedCopy(head))
      const wrong = indices.find((index) => index >= centres.length)
      if (wrong !== undefined) throw refusal(`indices of ${name} below ${centres.length}`, wrong)
      return decodeCodebook({ indices, centres }).buffer
    },
    headBytes: ({ centres }) => 4 * centres!,
    mostBytes: ({ kept, centres }) => 4 * centres! + Math.ceil((bits * kept) / 8),
    checkFields: ({ kept, centres }, demand) => {
      const isCount = Number.isInteger(centres) && centres! >= 0 && centres! <= most
      demand(isCount && centres! > 0 === kept > 0, `1 to ${most} centres`, centres)
    },
  }
}

/** Indices of the nearest centres; where the codebook is too long, float32 is shorter. */
export function codebookEncoder(bits: CodebookBits): Encoder<Float32Array> {
  return {
    encode: ({ values }) => {
      const { indices, centres } = exactCodebook(values, 2 ** bits) ?? encodeCodebook(values, bits)
      return { head: bytesOf(centres), body: indices, fields: { centres: centres.length } }
    },
    instead: ({ length }, bytes) => (bytes > 2 * length ? lossless : undefined),
  }
}

/** The smallest type whose codebook has so many entries. */
export function codebookFor(count: number): CompressedType {
  const bits = Math.max(4, Math.ceil(Math.log2(count))) as CodebookBits
  return `codebook${bits}`
}
