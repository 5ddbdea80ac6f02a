import { checkIndex } from '../internal/option-checks.js'
import { optionError } from '../internal/option-error.js'
import type { Loss, LossSchedule } from '../types.js'

/**
 * A loss that changes within each round, from epoch to epoch: class weights that come late, a
 * margin that grows.
 *
 * @param make Makes the loss of an epoch, counted from 0 as in `learningRate` of `fit`, in a round;
 *   round 0 trains the dense network. Called anew for each epoch, so that a loss with an update
 *   step, such as `falseNegativeBudget`, would forget its multipliers: `fit` refuses it here.
 * @returns A schedule; its `atRound` is the loss of epoch 0. Both throw a RangeError for an epoch
 *   or a round that is not a whole number of at least 0, and a TypeError if `make` gives no
 *   function.
 * @throws {TypeError} If `make` is not a function.
 * @example
 * ```ts
 * import { byEpoch, weightedCrossentropy } from 'tfjs-prune/losses'
 *
 * // Deferred re-weighting: the features are learnt without weights, the last epochs move the boundary.
 * const schedule = byEpoch((epoch) => weightedCrossentropy({ weights: epoch < 8 ? 1 : 5 }))
 * if (schedule.atEpoch?.(8, 0).settings?.weights !== 5) throw new Error('unexpected weight')
 * ```
 * @see Cao, Wei, Gaidon, Arechiga, Ma: Learning imbalanced datasets with label-distribution-aware
 *   margin loss. NeurIPS 2019, arXiv:1906.07413.
 */
export function byEpoch(make: (epoch: number, round: number) => Loss): LossSchedule {
  if (typeof make !== 'function')
    throw optionError(new TypeError(`Cannot make byEpoch: expected a function, got ${typeof make}`))
  const atEpoch = (epoch: number, round: number): Loss => {
    const task = 'choose the loss of an epoch'
    checkIndex(epoch, { task, name: 'epoch' })
    checkIndex(round, { task, name: 'round' })
    const loss = make(epoch, round)
    if (typeof loss === 'function') return loss
    throw new TypeError(`Cannot ${task}: expected a loss for epoch ${epoch}, got ${typeof loss}`)
  }
  return { atRound: (round) => atEpoch(0, round), atEpoch }
}
