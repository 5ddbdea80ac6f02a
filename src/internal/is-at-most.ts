/** value <= limit but for the rounding of the sums, quotients and logarithms that made them. */
export function isAtMost(value: number, limit: number): boolean {
  return value <= limit + 1e-12 * Math.abs(limit)
}
