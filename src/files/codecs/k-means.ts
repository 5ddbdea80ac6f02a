import { countUpTo } from '../../internal/mid-ranks.js'
import { inPortions, type Work } from '../model/work.js'

/** Sorted values with sums over their beginnings, so that a range is summed up at once. */
interface Sorted {
  readonly values: Float32Array
  /** All sums are of differences to this value, so that little cancels. */
  readonly origin: number
  /** Sum of the first i values: float64, one more than values. */
  readonly sums: Float64Array
  /** Sum of the squares of the first i values. */
  readonly squares: Float64Array
}

/**
 * Ends of the clusters, ascending. The first cluster starts at 0, each other one at the end of the
 * one before.
 */
type Ends = readonly number[]

const MOST_STEPS = 1000
/** A gain below this share of the loss may be rounding. */
const WORTH = 1 + 1e-6

/**
 * Centres of k-means on the line, ascending: at most `count`, each the mean of a range of the
 * values.
 *
 * Lloyd's steps start from centres evenly spaced between the smallest and the largest value, as in
 * Deep Compression, and go on until nothing moves. Then, as long as it pays, two neighbouring
 * clusters become one and another one becomes two. On sorted values a step takes O(count log n).
 * Where no more than `count` values differ, the centres are these values.
 *
 * @param ascending Finite values in ascending order.
 * @see Han, Mao, Dally: Deep Compression. ICLR 2016.
 */
export function* kMeans(ascending: Float32Array, count: number): Work<Float64Array> {
  const different = yield* upTo(count, ascending)
  if (different !== undefined) return different
  const sorted = yield* sumUp(ascending)
  const [low, high] = [ascending[0]!, ascending.at(-1)!]
  const even = Array.from(
    { length: count },
    (_, i) => low + ((high - low) * i) / Math.max(count - 1, 1),
  )
  let ends = yield* settle(sorted, nearest(sorted, even))
  for (let step = 0; step < MOST_STEPS; step++) {
    const exchanged = ends.length < count ? split(sorted, ends) : exchange(sorted, ends)
    if (exchanged === undefined) break
    ends = yield* settle(sorted, exchanged)
  }
  const means = new Float64Array(ends.length)
  for (const [i, end] of ends.entries())
    means[i] = yield* exactMean(ascending, ends[i - 1] ?? 0, end)
  return means
}

/** The different ones among ascending values; undefined where there are more than `count`. */
function* upTo(count: number, ascending: Float32Array): Work<Float64Array | undefined> {
  const found: number[] = []
  yield* inPortions(ascending.length, (from, to) => {
    for (let i = from; i < to && found.length <= count; i++)
      if (i === 0 || ascending[i] !== ascending[i - 1]) found.push(ascending[i]!)
  })
  return found.length > count ? undefined : Float64Array.from(found)
}

function* sumUp(values: Float32Array): Work<Sorted> {
  const origin = values[values.length >>> 1]!
  const [sums, squares] = [new Float64Array(values.length + 1), new Float64Array(values.length + 1)]
  yield* inPortions(values.length, (from, to) => {
    for (let i = from; i < to; i++) {
      const value = values[i]! - origin
      sums[i + 1] = sums[i]! + value
      squares[i + 1] = squares[i]! + value * value
    }
  })
  return { values, origin, sums, squares }
}

/** Lloyd's steps until nothing moves. */
function* settle(sorted: Sorted, start: Ends): Work<Ends> {
  let ends = start
  for (let step = 0; step < MOST_STEPS; step++) {
    yield
    const moved = nearest(sorted, centresOf(sorted, ends))
    if (moved.length === ends.length && moved.every((end, i) => end === ends[i])) break
    ends = moved
  }
  return ends
}

/** Clusters of the values nearest to each centre, empty ones left out. */
function nearest({ values }: Sorted, centres: readonly number[]): Ends {
  const ends = centres.slice(1).map((centre, i) => countUpTo(values, (centre + centres[i]!) / 2))
  return [...ends, values.length].filter((end, i, all) => end > (all[i - 1] ?? 0))
}

function centresOf(sorted: Sorted, ends: Ends): number[] {
  return ends.map((end, i) => meanOf(sorted, ends[i - 1] ?? 0, end))
}

/** Mean of a range; never outside it, whatever the rounding. */
function meanOf({ values, origin, sums }: Sorted, start: number, end: number): number {
  const mean = origin + (sums[end]! - sums[start]!) / (end - start)
  return Math.min(Math.max(mean, values[start]!), values[end - 1]!)
}

/** Sum of squared distances of a range to its mean. */
function errorOf({ sums, squares }: Sorted, start: number, end: number): number {
  const sum = sums[end]! - sums[start]!
  return Math.max(squares[end]! - squares[start]! - (sum * sum) / (end - start), 0)
}

/**
 * The clusters with the best one of them cut at its mean; undefined where no cut gains anything.
 */
function split(sorted: Sorted, ends: Ends): Ends | undefined {
  const { at, gain } = bestCut(sorted, ends)
  return gain > 0 ? [...ends, at].sort((a, b) => a - b) : undefined
}

/** The clusters with one cut and another end removed; undefined where that gains nothing. */
function exchange(sorted: Sorted, ends: Ends): Ends | undefined {
  const { at, gain, cluster } = bestCut(sorted, ends)
  let [removed, least] = [-1, Number.POSITIVE_INFINITY]
  for (let i = 0; i + 1 < ends.length; i++) {
    if (i === cluster || i + 1 === cluster) continue
    const start = ends[i - 1] ?? 0
    const apart = errorOf(sorted, start, ends[i]!) + errorOf(sorted, ends[i]!, ends[i + 1]!)
    const loss = errorOf(sorted, start, ends[i + 1]!) - apart
    if (loss < least) [removed, least] = [i, loss]
  }
  if (!(gain > least * WORTH)) return undefined
  return [...ends.filter((_, i) => i !== removed), at].sort((a, b) => a - b)
}

/** The cluster that gains most when it is cut at its mean, and where that is. */
function bestCut(sorted: Sorted, ends: Ends): { cluster: number; at: number; gain: number } {
  let best = { cluster: -1, at: 0, gain: 0 }
  for (const [cluster, end] of ends.entries()) {
    const start = ends[cluster - 1] ?? 0
    const at = countUpTo(sorted.values, meanOf(sorted, start, end))
    if (at <= start || at >= end) continue
    const gain = errorOf(sorted, start, end) - errorOf(sorted, start, at) - errorOf(sorted, at, end)
    if (gain > best.gain) best = { cluster, at, gain }
  }
  return best
}

/** Mean of a range, value by value, so that nothing outside it can round it away. */
function* exactMean(values: Float32Array, start: number, end: number): Work<number> {
  const origin = values[start]!
  let sum = 0
  yield* inPortions(end - start, (from, to) => {
    let added = sum
    for (let i = start + from; i < start + to; i++) added += values[i]! - origin
    sum = added
  })
  return Math.min(origin + sum / (end - start), values[end - 1]!)
}
