/**
 * The error of a type that cannot hold the values of a weight. A caller that tries several types
 * catches it and goes on with the next one.
 */
export class UnfitValues extends RangeError {
  /** The expected values, and the one that was there. */
  readonly reason: string

  constructor(task: string, reason: string) {
    super(`Cannot ${task}: ${reason}`)
    this.reason = reason
  }
}

/**
 * The result of `work`, or the reason why a type cannot hold the values. Other errors come through.
 */
export async function unlessUnfit<T>(
  work: () => Promise<T>,
): Promise<{ value: T } | { reason: string }> {
  try {
    return { value: await work() }
  } catch (error) {
    if (error instanceof UnfitValues) return { reason: error.reason }
    throw error
  }
}
