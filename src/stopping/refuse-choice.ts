/** The error of a choice that cannot be made. */
export function refuseChoice(
  kind: typeof TypeError | typeof RangeError,
  wanted: string,
  got: string,
): Error {
  return new kind(`Cannot choose a round: expected ${wanted}, got ${got}`)
}
