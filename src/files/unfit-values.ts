/**
 * What is thrown where a type cannot hold a weight's values: who tries several types goes on with
 * the next one.
 */
export class UnfitValues extends RangeError {
  /** What was expected and what was there. */
  readonly reason: string

  constructor(task: string, reason: string) {
    super(`Cannot ${task}: ${reason}`)
    this.reason = reason
  }
}

/** What `work` gives, or why a type cannot hold the values; all other errors come through. */
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
