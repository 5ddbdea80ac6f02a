/** Throws unless `seed` is a whole number. */
export function checkSeed(action: string, seed: number): void {
  if (typeof seed !== 'number')
    throw new TypeError(`Cannot ${action}: expected a number as seed, got ${typeof seed}`)
  if (!Number.isSafeInteger(seed))
    throw new RangeError(`Cannot ${action}: expected a whole number as seed, got ${seed}`)
}
