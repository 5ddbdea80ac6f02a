const errors = new WeakSet<object>()

/** Marks an error as one about a training that has left the finite numbers, and gives it back. */
export function divergence<E extends Error>(error: E): E {
  errors.add(error)
  return error
}

/** Whether a training left the finite numbers: the error says so, or the one that caused it. */
export function isDivergence(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return errors.has(error) || isDivergence(error.cause)
}
