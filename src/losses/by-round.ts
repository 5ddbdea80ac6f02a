import { checkIndex } from '../internal/option-checks.js'
import { optionError } from '../internal/option-error.js'
import type { Loss, LossSchedule } from '../types.js'

/**
 * A loss that changes from round to round.
 *
 * @param make Makes the loss of a round; round 0 trains the dense network. Called anew each time a
 *   loss is asked for.
 * @returns A schedule. Its `atRound` throws a RangeError for a round that is not a whole number of
 *   at least 0, and a TypeError if `make` gives no function.
 * @throws {TypeError} If `make` is not a function.
 * @example
 * ```ts
 * import { byRound, classDependent } from 'tfjs-prune/losses'
 *
 * const schedule = byRound((round) => classDependent({ gamma: 1 + round, lambda: 5 }))
 * if (schedule.atRound(4).settings?.gamma !== 5) throw new Error('unexpected weight')
 * ```
 */
export function byRound(make: (round: number) => Loss): LossSchedule {
  if (typeof make !== 'function')
    throw optionError(new TypeError(`Cannot make byRound: expected a function, got ${typeof make}`))
  const atRound = (round: number): Loss => {
    checkIndex(round, { task: 'choose the loss of a round', name: 'round' })
    const loss = make(round)
    if (typeof loss === 'function') return loss
    throw new TypeError(
      `Cannot choose the loss of round ${round}: expected a function, got ${typeof loss}`,
    )
  }
  return { atRound }
}
