import { inPortions, type Work } from '../model/work.js'
import { kMeans } from './k-means.js'
import { sortFloats } from './sort-floats.js'

/** Values as places in a list of few values. */
export interface CodebookValues {
  /** Place of each value's centre. */
  readonly indices: Uint8Array
  /** At most 2^bits values, ascending, all different: float32. */
  readonly centres: Float32Array
}

/**
 * Each value as the nearest of at most 2^bits centres, which k-means places on the line.
 *
 * Where no more than 2^bits values differ, they are the centres, and nothing is lost. Otherwise the
 * sum of squared errors is a local minimum, in the tests at most 15 % above the least of all. All
 * arithmetic is additions, multiplications and divisions of float64 in a fixed order, so that every
 * engine makes the same bytes. A value in the middle of two centres takes the upper one.
 *
 * @param values Finite values, such as those that a mask keeps.
 * @param bits 1 to 8.
 * @param memo Holds the sorted values for the next call.
 */
export function* encodeCodebook(
  values: Float32Array,
  bits: number,
  memo: { ascending?: Float32Array } = {},
): Work<CodebookValues> {
  memo.ascending ??= yield* sortFloats(values)
  const means = yield* kMeans(memo.ascending, 2 ** bits)
  const centres = Float32Array.from(means, (centre) => Math.fround(centre) + 0)
  const middles = new Float64Array(Math.max(centres.length - 1, 0))
  for (let i = 0; i < middles.length; i++) middles[i] = (centres[i]! + centres[i + 1]!) / 2
  return { indices: yield* countAll(middles, values), centres }
}

/** The centre of each value. */
export function* decodeCodebook({
  indices,
  centres,
}: CodebookValues): Work<Float32Array<ArrayBuffer>> {
  const values = new Float32Array(indices.length)
  yield* inPortions(indices.length, (from, to) => {
    for (let i = from; i < to; i++) values[i] = centres[indices[i]!]!
  })
  return values
}

/** Buckets between the first and the last middle: few hold more than one. */
const BUCKETS = 4096

/** How many of the ascending middles, at most 255, are at each value or under it. */
function* countAll(middles: Float64Array, values: Float32Array): Work<Uint8Array> {
  const counts = new Uint8Array(values.length)
  const [low, high] = [middles[0] ?? 0, middles.at(-1) ?? 0]
  const scale = high > low ? (BUCKETS - 1) / (high - low) : 0
  // It never falls as a value grows: the middles of lower buckets are below the value.
  const bucketOf = (value: number) =>
    Math.floor(Math.min(Math.max((value - low) * scale, 0), BUCKETS - 1))
  const below = new Uint8Array(BUCKETS)
  for (const middle of middles) below[bucketOf(middle)]!++
  for (let bucket = 0, sum = 0; bucket < BUCKETS; bucket++) {
    const own = below[bucket]!
    below[bucket] = sum
    sum += own
  }
  const { length } = middles
  yield* inPortions(values.length, (from, to) => {
    for (let i = from; i < to; i++) {
      const value = values[i]!
      let count = below[bucketOf(value)]!
      while (count < length && middles[count]! <= value) count++
      counts[i] = count
    }
  })
  return counts
}
