/** Throws unless a density is a number in (0, 1]. */
export function checkDensity(density: number, where = ''): void {
  if (typeof density !== 'number') {
    throw new TypeError(`Cannot prune${where}: expected a number as density, got ${typeof density}`)
  }
  if (!(density > 0 && density <= 1)) {
    throw new RangeError(`Cannot prune${where}: expected a density in (0, 1], got ${density}`)
  }
}
