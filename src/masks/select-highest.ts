import { bitsOf, orderKey } from './order-key.js'
import { BUCKETS, type Candidates, HALF, histogramOfHighHalves, locate } from './score-histogram.js'

/** The mask of the `count` highest scores, see `keepHighest`; as many mask values as scores. */
export function selectHighest(group: Candidates, count: number): Uint8Array {
  const high = histogramOfHighHalves([group], count)
  if (count === 0) return new Uint8Array(group.scores.length)
  const { bucket, rest } = locate(high, count)
  const { kept, inside } = keepAbove(group, bucket, high[bucket]!)
  markHighest(group, { inside, rest, kept })
  return kept
}

/** Marks all scores of higher buckets, and lists the flat indices of those in the bucket. */
function keepAbove({ scores, mask }: Candidates, bucket: number, size: number) {
  const bits = bitsOf(scores)
  const kept = new Uint8Array(scores.length)
  const inside = new Int32Array(size)
  const upper = bucket - HALF
  let next = 0
  for (let i = 0; i < bits.length; i++) {
    const half = orderKey(bits[i]!) >> 16
    // Bits in place of a comparison that would be mispredicted half the time; halves are small, so
    // nothing overflows.
    kept[i] = ((upper - half) >>> 31) & mask[i]!
    if (half === upper && mask[i] === 1) inside[next++] = i
  }
  return { kept, inside }
}

/** Marks the `rest` highest of the listed scores, which share their upper halves. */
function markHighest({ scores }: Candidates, { inside, rest, kept }: Listed): void {
  const bits = bitsOf(scores)
  const low = new Int32Array(BUCKETS)
  for (const i of inside) low[orderKey(bits[i]!) & 0xffff]!++
  const { bucket, rest: ties } = locate(low, rest)
  let left = ties
  for (const i of inside) {
    const half = orderKey(bits[i]!) & 0xffff
    if (half > bucket) kept[i] = 1
    else if (half === bucket && left-- > 0) kept[i] = 1
  }
}

interface Listed {
  readonly inside: Int32Array
  readonly rest: number
  readonly kept: Uint8Array
}
