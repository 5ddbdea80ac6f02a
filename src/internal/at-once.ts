import { quietPromise } from './quiet-promise.js'

/**
 * A listener of the caller that throws a TypeError where it answers with a promise: nobody would wait
 * for it, nor hear of its failure.
 */
export function atOnce<A extends readonly unknown[]>(
  listener: (...args: A) => unknown,
  { task, name }: { readonly task: string; readonly name: string },
): (...args: A) => void {
  return (...args) => {
    if (!quietPromise(listener(...args))) return
    throw new TypeError(
      `Cannot ${task}: expected ${name} to be a function that returns at once, got a promise`,
    )
  }
}

/** The `onProgress` of options, if there is one; it throws where it answers with a promise. */
export function progressOf<E>(
  { onProgress }: { readonly onProgress?: ((event: E) => unknown) | undefined },
  task: string,
): ((event: E) => void) | undefined {
  return onProgress && atOnce(onProgress, { task, name: 'onProgress' })
}
