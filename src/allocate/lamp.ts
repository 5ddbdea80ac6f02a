import { magnitude } from '../criteria/magnitude.js'
import type { AllocationRequest, Allocator } from '../types.js'
import { budgetOf } from './budget-of.js'

/**
 * All weights compete by layer-adaptive magnitudes: score(u) = w[u]^2 / sum of w[v]^2 over the v
 * that are left at or above u in the order of the layer. The k = round(total size * density)
 * highest of the whole model stay.
 *
 * The largest element of each layer has the score 1, so that no layer is emptied while others have
 * something to lose; and a layer's scale does not matter. The criterion's scores stand for abs(w):
 * where no criterion is given, it is `magnitude()`. Any other that is never negative will do; `prune`
 * refuses the rest before training, such as `magnitudeIncrease`. Only the counts come from here;
 * within a layer the order stays that of the scores. Sibling of {@link globally}, which
 * compares the scores as they are. A layer whose scores are all 0 has scores of 0 here too. Bounds
 * hold as in `globally`; equal scores stay in the order of the model. Sums are float64; O(n log n).
 *
 * @returns An allocator that names its criterion. It throws a RangeError for scores that are negative or not finite.
 * @see Lee et al. 2021, Layer-adaptive sparsity for the Magnitude-based Pruning, arXiv 2010.07611,
 *   section 2.
 *
 * @example
 * ```ts
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { computeMask, lamp } from 'tfjs-prune'
 *
 * const hidden = layers.dense({ units: 10, inputShape: [4] })
 * const model = sequential({ layers: [hidden, layers.dense({ units: 2 })] })
 * const mask = await computeMask(model, { density: 0.25, allocate: lamp() })
 * if (mask.kept !== 15) throw new Error('a quarter of 60 weights stay, wherever they are')
 * ```
 */
export function lamp(): Allocator {
  const allocate: Allocator = (weights, density) => {
    // Each weight's own order is that of these scores too: its minimum is sure, what is beyond its
    // maximum never stays.
    const rivals = weights.map((weight) =>
      adaptiveScores(weight).subarray(weight.minimumKept, weight.maximumKept),
    )
    const left = weights.reduce(
      (rest, { minimumKept }) => rest - minimumKept,
      budgetOf(weights, density),
    )
    const extra = countHighest(rivals, left)
    return weights.map(({ minimumKept }, i) => minimumKept + extra[i]!)
  }
  return Object.assign(allocate, { criterion: magnitude() })
}

/** The layer-adaptive scores of the elements that are left, highest first. */
function adaptiveScores({ name, scores, mask }: AllocationRequest): Float64Array {
  const magnitudes = Float64Array.from(scores.filter((_, i) => mask[i] === 1).sort())
  const { length } = magnitudes
  // Sorting puts -0 and negative scores first, NaN and infinity last.
  if (length > 0 && !(magnitudes[0]! >= 0 && magnitudes[length - 1]! < Infinity))
    throw notMagnitudes(name, scores, mask)
  let sum = 0
  return magnitudes.reverse().map((magnitude) => {
    const square = magnitude * magnitude
    sum += square
    return sum === 0 ? 0 : square / sum
  })
}

function notMagnitudes(name: string, scores: Float32Array, mask: Uint8Array): RangeError {
  const index = scores.findIndex((score, i) => mask[i] === 1 && !(score >= 0 && score < Infinity))
  const wanted = `scores of ${name} in [0, Infinity), as criterion: magnitude() gives`
  const got = `${scores[index]} at index ${index}`
  return new RangeError(`Cannot share out the density by lamp: expected ${wanted}, got ${got}`)
}

/** How many of the `count` highest scores lie in each list; lists are sorted, the highest first. */
function countHighest(lists: readonly Float64Array[], count: number): number[] {
  const threshold = findThreshold(lists, count)
  const above = lists.map((list) => countWhere(list, (score) => score > threshold))
  let left = above.reduce((rest, number) => rest - number, count)
  return lists.map((list, i) => {
    const ties = Math.min(left, countWhere(list, (score) => score >= threshold) - above[i]!)
    left -= ties
    return above[i]! + ties
  })
}

/**
 * The largest number that at least `count` scores in [0, 1] reach: the count-th highest. By
 * halving, to the last bit.
 */
function findThreshold(lists: readonly Float64Array[], count: number): number {
  let low = 0
  let high = 2
  for (;;) {
    const middle = (low + high) / 2
    if (middle <= low || middle >= high) return count === 0 ? high : low
    const reached = lists.reduce(
      (sum, list) => sum + countWhere(list, (score) => score >= middle),
      0,
    )
    if (reached >= count) low = middle
    else high = middle
  }
}

/**
 * How many scores from the front of a list meet a condition that none after the first exception
 * meets.
 */
function countWhere(list: Float64Array, accepts: (score: number) => boolean): number {
  let begin = 0
  let end = list.length
  while (begin < end) {
    const middle = (begin + end) >>> 1
    if (accepts(list[middle]!)) begin = middle + 1
    else end = middle
  }
  return begin
}
