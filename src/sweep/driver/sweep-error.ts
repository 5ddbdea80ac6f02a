/** Counts of the jobs of a sweep. */
export interface SweepCounts {
  /** Jobs with an outcome, those that failed among them, from earlier runs too. */
  readonly done: number
  /** Jobs whose outcome is an error. */
  readonly failed: number
  /** Jobs in all. */
  readonly of: number
}

/**
 * The error of a sweep that is aborted, or whose runner or store fails. It has the name of its
 * `cause`, such as `AbortError`. Finished jobs stay in the store: the next sweep goes on after them.
 *
 * @example
 * ```ts
 * import { grid, SweepError, sweep } from 'tfjs-prune/sweep'
 *
 * const stop = new AbortController()
 * const job = ({ seed }: { seed: number }) => {
 *   if (seed === 2) stop.abort()
 *   return { square: seed * seed }
 * }
 * let done = 0
 * try {
 *   await sweep(grid({ seed: [1, 2, 3] }), { module: job, signal: stop.signal })
 * } catch (error) {
 *   if (error instanceof SweepError) done = error.counts.done
 * }
 * if (done !== 2) throw new Error('two jobs were done')
 * ```
 */
export class SweepError extends Error {
  readonly counts: SweepCounts

  constructor(cause: unknown, counts: SweepCounts) {
    const { name, message } = (cause ?? {}) as Partial<Error>
    const { done, of } = counts
    const why = message ?? String(cause)
    const wanted =
      done < of
        ? `outcomes of ${of} jobs, got ${done}, which are kept`
        : `to end after the outcomes of all ${of} jobs, which are kept, got an error`
    super(`Cannot finish the sweep: expected ${wanted}: ${why}`, { cause })
    this.name = name ?? 'SweepError'
    this.counts = counts
  }
}
