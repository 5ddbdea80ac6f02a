/** The error of a network that cannot be read. */
export function readingError(wanted: string, got: unknown): RangeError {
  return new RangeError(`Cannot read the network: expected ${wanted}, got ${String(got)}`)
}
