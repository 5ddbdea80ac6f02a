/**
 * The least k with k / total >= share, as float64 compares them: 9 for 0.9 of 10, whatever 0.9 * 10
 * rounds to.
 */
export function leastCount(share: number, total: number): number {
  const count = Math.ceil(share * total) // off by one at most
  if ((count - 1) / total >= share) return count - 1
  return count / total >= share ? count : count + 1
}

/** The largest k with k / total <= share, as float64 compares them. */
export function mostCount(share: number, total: number): number {
  const count = Math.floor(share * total) // off by one at most
  if ((count + 1) / total <= share) return count + 1
  return count / total <= share ? count : count - 1
}
