/** Bins of one width. */
export interface Bins {
  readonly from: number
  readonly to: number
  readonly step: number
  readonly count: number
}

/** So many bins over all finite values; values that are all equal lie in the middle. */
export function binsOver(lists: readonly Float64Array[], count: number): Bins {
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const values of lists) {
    for (const value of values) {
      if (!Number.isFinite(value)) continue
      from = Math.min(from, value)
      to = Math.max(to, value)
    }
  }
  if (from > to) [from, to] = [0, 0]
  if (from === to) [from, to] = [from - 0.5, to + 0.5]
  return { from, to, step: (to - from) / count, count }
}

/** Number of values in each bin; infinite ones are counted at the ends. */
export function countBins(values: Float64Array, { from, step, count }: Bins): number[] {
  const counts = Array.from({ length: count }, () => 0)
  for (const value of values) {
    const place = Math.min(count - 1, Math.max(0, Math.floor((value - from) / step)))
    counts[place]! += 1
  }
  return counts
}
