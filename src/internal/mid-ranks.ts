/** How many of the ascending values are under `value`. */
export function countBelow(ascending: Float64Array, value: number): number {
  let [low, high] = [0, ascending.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (ascending[middle]! < value) low = middle + 1
    else high = middle
  }
  return low
}

/** How many of the ascending values are under `value` or at it. */
export function countUpTo(ascending: Float64Array | Float32Array, value: number): number {
  let [low, high] = [0, ascending.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (ascending[middle]! <= value) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * Twice the number of `others` under each value, ties counting half: twice its mid-rank among all,
 * less its mid-rank among its own. Whole numbers, so that sums of them are exact. Both lists
 * ascend; O(n).
 */
export function placements(values: Float64Array, others: Float64Array): Float64Array {
  const placed = new Float64Array(values.length)
  let below = 0
  let upTo = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    while (below < others.length && others[below]! < value) below++
    while (upTo < others.length && others[upTo]! <= value) upTo++
    placed[i] = below + upTo
  }
  return placed
}

/**
 * The sum, and the variance of the values' mean: their sample variance over n; NaN for fewer than
 * two.
 */
export function sumAndVarianceOfMean(values: Float64Array): {
  sum: number
  varianceOfMean: number
} {
  const n = values.length
  let sum = 0
  for (let i = 0; i < n; i++) sum += values[i]!
  const mean = sum / n
  let squares = 0
  for (let i = 0; i < n; i++) squares += (values[i]! - mean) ** 2
  return { sum, varianceOfMean: n < 2 ? Number.NaN : squares / (n - 1) / n }
}
