const errors = new WeakSet<object>()

/** Marks an error as one about the options of a function, and gives it back. */
export function optionError<E extends Error>(error: E): E {
  errors.add(error)
  return error
}

/** Whether an error is about the options of a function. */
export function isOptionError(error: unknown): boolean {
  return error instanceof Error && errors.has(error)
}
