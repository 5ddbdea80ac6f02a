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
  /** The bits of all scores. */
  readonly bits: Int32Array
  /** All mask values, joined by or. */
  readonly seen: number
}

/** Candidates that are looked at between two looks at the room of the list. */
const BLOCK = 4096

/**
 * Counts the candidates above a band, marks them in `kept` where it is given, and lists those in
 * the band. Scores are finite.
 */
export function splitCandidates(
  { scores, mask }: Candidates,
  { lowest, highest }: Band,
  kept?: Uint8Array,
): Split {
  const bits = bitsOf(scores)
  const width = highest - lowest
  let inside = new Int32Array(2 * BLOCK)
  let [above, next, seen] = [0, 0, 0]
  for (let begin = 0; begin < bits.length; begin += BLOCK) {
    const end = Math.min(begin + BLOCK, bits.length)
    // A call within the inner loop would make it half again as slow.
    if (next + BLOCK > inside.length) inside = doubled(inside)
    const list = inside
    for (let i = begin; i < end; i++) {
      const stays = mask[i]!
      seen |= stays
      const half = orderKey(bits[i]!) >> 16
      // Bits in place of a comparison that would be mispredicted half the time; halves are small,
      // so nothing overflows.
      const isAbove = ((highest - half) >>> 31) & stays
      above += isAbove
      if (kept) kept[i] = isAbove
      if ((half - lowest) >>> 0 <= width && stays === 1) list[next++] = i
    }
  }
  return { above, inside: inside.subarray(0, next), bits, seen }
}

function doubled(list: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(list.length * 2)
  longer.set(list)
  return longer
}
