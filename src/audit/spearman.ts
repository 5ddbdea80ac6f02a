/**
 * Spearman's rank correlation of two lists of one length, ties at their mid-ranks. Null where one
 * of them holds a single value over and over: it has no order.
 */
export function spearman(first: readonly number[], second: readonly number[]): number | null {
  const [a, b] = [centredRanks(first), centredRanks(second)]
  const dot = (x: readonly number[], y: readonly number[]) =>
    x.reduce((sum, value, i) => sum + value * y[i]!, 0)
  const squares = dot(a, a) * dot(b, b)
  if (squares === 0) return null
  return Math.max(-1, Math.min(1, dot(a, b) / Math.sqrt(squares)))
}

/** Twice the mid-rank of each value, less the mean of that: whole numbers, so that sums are exact. */
function centredRanks(values: readonly number[]): number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length
    const above = values.filter((other) => other > value).length
    return below - above
  })
}
