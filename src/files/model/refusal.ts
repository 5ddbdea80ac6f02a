/** The error of a file that cannot be read. */
export function refusal(wanted: string, got: unknown, cause?: unknown): RangeError {
  return new RangeError(`Cannot load the model: expected ${wanted}, got ${String(got)}`, { cause })
}
