import type { NumberArray } from '../types.js'

interface Pairs {
  /** 1 or true for the positives, by sample. */
  readonly positives: ArrayLike<number | boolean>
  /** Weight of each sample, at least 0. */
  readonly weights: NumberArray
  readonly margin: number
}

interface PairHinge {
  readonly value: number
  /** dL/ds by sample; sums to zero. */
  readonly gradient: Float64Array
}

/** Weight A, mean mu and sum of squared deviations M2 of the keys seen so far. */
interface Seen {
  weight: number
  mean: number
  squares: number
}

/**
 * L = 1/(W+ W-) sum_{i in P, j in N} w_i w_j [m - (s_i - s_j)]_+^2 and its gradient, float64, O(n
 * log n).
 *
 * With the key v = s of a positive and v = s + m of a negative, a pair's hinge is [v_j - v_i]_+. In
 * ascending order of the keys, a negative meets the positives before it: they add w (A (v - mu)^2 +
 * M2) to the loss and 2 w A (v - mu) to its gradient. In descending order the positives mirror
 * that, with -2 w A (mu - v). Nothing large is subtracted from something large, as the expansion by
 * cumulative sums of squares does.
 *
 * Without a weight on one side: 0. With a score or weight that is not finite: NaN, every element of
 * the gradient too.
 */
export function pairwiseScan(
  scores: NumberArray,
  { positives, weights, margin }: Pairs,
): PairHinge {
  const gradient = new Float64Array(scores.length)
  if (!allFinite(scores) || !allFinite(weights))
    return { value: Number.NaN, gradient: gradient.fill(Number.NaN) }
  const totals = { positives: 0, negatives: 0 }
  for (let k = 0; k < scores.length; k++)
    totals[positives[k] ? 'positives' : 'negatives'] += weights[k]!
  if (!(totals.positives > 0 && totals.negatives > 0)) return { value: 0, gradient }

  const { keys, order } = sortedKeys(scores, { positives, margin })
  const unit = 1 / totals.positives / totals.negatives
  let value = 0
  const before: Seen = { weight: 0, mean: 0, squares: 0 }
  for (let at = 0; at < order.length; at++) {
    const k = order[at]!
    if (positives[k]) see(before, keys[k]!, weights[k]!)
    else if (weights[k]! * before.weight > 0) {
      const gap = keys[k]! - before.mean
      value += weights[k]! * unit * (before.weight * gap * gap + before.squares)
      gradient[k] = 2 * weights[k]! * unit * before.weight * gap
    }
  }
  const after: Seen = { weight: 0, mean: 0, squares: 0 }
  for (let at = order.length - 1; at >= 0; at--) {
    const k = order[at]!
    if (!positives[k]) see(after, keys[k]!, weights[k]!)
    else if (weights[k]! * after.weight > 0)
      gradient[k] = 2 * weights[k]! * unit * after.weight * (keys[k]! - after.mean)
  }
  return { value, gradient }
}

/**
 * Keys in the order of the samples, the median's score subtracted so that they keep their digits;
 * and their order.
 */
function sortedKeys(scores: NumberArray, { positives, margin }: Omit<Pairs, 'weights'>) {
  const keyOf = (k: number, origin: number) => scores[k]! - origin + (positives[k] ? 0 : margin)
  const keys = Float64Array.from(scores, (_, k) => keyOf(k, 0))
  const order = Uint32Array.from(keys.keys()).sort((a, b) => keys[a]! - keys[b]!)
  const origin = scores[order[order.length >> 1]!]!
  return { keys: keys.map((_, k) => keyOf(k, origin)), order }
}

function see(seen: Seen, key: number, weight: number): void {
  if (weight === 0) return
  const gap = key - seen.mean
  seen.weight += weight
  seen.mean += (gap * weight) / seen.weight
  seen.squares += weight * gap * (key - seen.mean)
}

function allFinite(values: NumberArray): boolean {
  for (let k = 0; k < values.length; k++) if (!Number.isFinite(values[k])) return false
  return true
}
