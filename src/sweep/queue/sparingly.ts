/**
 * Passes on the first call at once, and of later ones at most one in so many milliseconds; the calls
 * between are dropped.
 */
export function sparingly<A extends readonly unknown[]>(
  milliseconds: number,
  take: (...args: A) => void,
): (...args: A) => void {
  let last = Number.NEGATIVE_INFINITY
  return (...args) => {
    const now = performance.now()
    if (now - last < milliseconds) return
    last = now
    take(...args)
  }
}
