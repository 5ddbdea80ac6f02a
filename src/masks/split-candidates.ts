import { hasFiniteBits } from '../internal/weight-values.js'
import { bitsOf, orderKey } from './order-key.js'

/** Scores with the mask of those that take part. */
export interface Candidates {
  readonly scores: Float32Array
  readonly mask: Uint8Array
}

/** The upper 16 bits of order keys, from `lowest` to `highest`. */
export interface Band {
  readonly lowest: number
  readonly highest: number
}

/** The band of all keys. */
export const EVERY_KEY: Band = { lowest: -0x8000, highest: 0x7fff }

/** Candidates beside a band. */
export interface Split {
  /** Number of candidates above the band. */
  readonly above: number
  /** Flat indices of those in the band. */
  readonly inside: Int32Array
  /** Their order keys. */
  readonly keys: Int32Array
  /** All mask values, joined by or. */
  readonly seen: number
  /** False where a score is NaN or infinite, a candidate or not. */
  readonly isFinite: boolean
}

/** Candidates that are looked at between two looks at the room of the list. */
const BLOCK = 4096

/**
 * Counts the candidates above a band, marks them in `kept` where it is given, and lists those in
 * the band. Counts mean nothing where a candidate is NaN or infinite.
 */
export function splitCandidates(
  { scores, mask }: Candidates,
  { lowest, highest }: Band,
  kept?: Uint8Array,
): Split {
  const bits = bitsOf(scores)
  const width = highest - lowest
  let inside = new Int32Array(2 * BLOCK)
  // Listed as they are met: to read them again here and there would take as long as the pass.
  let insideKeys = new Int32Array(2 * BLOCK)
  let [above, next, seen] = [0, 0, 0]
  for (let begin = 0; begin < bits.length; begin += BLOCK) {
    const end = Math.min(begin + BLOCK, bits.length)
    // A call within the inner loop would make it half again as slow.
    if (next + BLOCK > inside.length) [inside, insideKeys] = [longer(inside), longer(insideKeys)]
    const [list, keys] = [inside, insideKeys]
    for (let i = begin; i < end; i++) {
      const stays = mask[i]!
      seen |= stays
      const key = orderKey(bits[i]!)
      const half = key >> 16
      // Bits in place of a comparison that would be mispredicted half the time; halves are small,
      // so nothing overflows.
      const isAbove = ((highest - half) >>> 31) & stays
      above += isAbove
      if (kept) kept[i] = isAbove
      if ((half - lowest) >>> 0 <= width && stays === 1) {
        list[next] = i
        keys[next++] = key
      }
    }
  }
  return {
    above,
    inside: inside.subarray(0, next),
    keys: insideKeys.subarray(0, next),
    seen,
    isFinite: hasFiniteBits(scores),
  }
}

/** A list of twice the room. */
export function longer(list: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const next = new Int32Array(list.length * 2)
  next.set(list)
  return next
}
