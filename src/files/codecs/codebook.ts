import { refusal } from '../model/refusal.js'
import type { CompressedType } from '../model/value-type.js'
import { inPortions, ready, type Work } from '../model/work.js'
import { alignedCopy, bytesOf } from './bytes.js'
import type { Codec, Encoder } from './codec.js'
import { exactCodebook } from './exact-codebook.js'
import { decodeCodebook, encodeCodebook } from './nearest-centres.js'

/** Most entries of a codebook: an index is a byte. */
const mostCentres = 256

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
    *decode({ head, body: indices }, { name }) {
      const centres = new Float32Array(yield* alignedCopy(head))
      yield* inPortions(indices.length, (from, to) => {
        const wrong = indices.subarray(from, to).find((index) => index >= centres.length)
        if (wrong !== undefined) throw refusal(`indices of ${name} below ${centres.length}`, wrong)
      })
      return (yield* decodeCodebook({ indices, centres })).buffer
    },
    headBytes: ({ centres }) => ready(4 * centres!),
    mostBytes: ({ kept, centres }) => 4 * centres! + Math.ceil((bits * kept) / 8),
    checkFields: ({ kept, centres }, demand) => {
      const isCount = Number.isInteger(centres) && centres! >= 0 && centres! <= most
      demand(isCount && centres! > 0 === kept > 0, `1 to ${most} centres`, centres)
    },
  }
}

/** Indices of the nearest centres, which are the values themselves where few of them differ. */
export function codebookEncoder(bits: CodebookBits): Encoder<Float32Array> {
  return {
    *encode({ values, memo }) {
      const exact = yield* exactCodebook(values, 2 ** bits)
      const { indices, centres } = exact ?? (yield* encodeCodebook(values, bits, memo))
      return { head: bytesOf(centres), body: indices, fields: { centres: centres.length } }
    },
  }
}

/** The smallest type whose codebook has all these values; undefined where none has. */
export function* codebookWithAll(values: Float32Array): Work<CompressedType | undefined> {
  const codebook = yield* exactCodebook(values, mostCentres)
  if (codebook === undefined) return undefined
  const bits = Math.max(4, Math.ceil(Math.log2(codebook.centres.length))) as CodebookBits
  return `codebook${bits}`
}
