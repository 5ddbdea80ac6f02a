/** One comparison: so many points, each with this share of a whole training. */
export interface Rung {
  readonly share: number
  readonly count: number
}

/**
 * The comparisons of successive halving: each is of the better half of the one before, rounded up.
 * @param points Number of points.
 * @param shares Of each comparison. @default halves of halves, the last of at most two points
 */
export function rungsOf(points: number, shares?: readonly number[]): Rung[] {
  const count = Math.max(1, Math.ceil(Math.log2(points)))
  const all = shares ?? Array.from({ length: count }, (_, i) => 2 ** (i + 1 - count))
  let left = points
  return all.map((share, i) => {
    if (i > 0) left = Math.ceil(left / 2)
    return { share, count: left }
  })
}
