/**
 * One thing that every member of a family does. `check` throws an Error, or rejects with one, where
 * one does not.
 */
export interface Law<T> {
  /** Completes a sentence that begins with the member's name. */
  readonly law: string
  /** Tries members that `make` makes anew. */
  readonly check: (make: () => T) => void | Promise<void>
}
