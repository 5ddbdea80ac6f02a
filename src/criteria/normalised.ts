import {
  abs,
  cast,
  div,
  equal,
  max,
  maximum,
  onesLike,
  sum,
  type Tensor,
  tensor,
  where,
} from '@tensorflow/tfjs-core'
import { keepOnly } from '../internal/keep-only.js'
import { checkChoice } from '../internal/option-checks.js'
import type { Criterion, ScoredWeight } from '../types.js'
import { combined, scoresOfPart } from './combined.js'
import { ranksAmongKept } from './ranks.js'

/** The number that {@link normalised} brings to 1 in each weight. */
export type Normalisation = 'mean' | 'maximum' | 'sum' | 'rank'

/**
 * Brings the scores of each weight to one scale, so that layers and criteria can be compared.
 *
 * - `'mean'`, `'maximum'`, `'sum'`: divides by the mean, the maximum or the sum of the absolute
 *   scores of the elements that the previous mask keeps. Zeros stay zeros, also when all scores are
 *   0.
 * - `'rank'`: the rank among these elements over their number, in (0, 1]; equal scores share their
 *   mean rank, so that all scores are about 1/2 when all are equal.
 *
 * The order within a weight does not change. Scores of pruned elements are 0.
 *
 * @param criterion The criterion to normalise.
 * @param how The number that becomes 1: the mean, the maximum, the sum; or the rank of the highest.
 * @returns A criterion with the needs of the other; its tensor has the weight's shape and belongs
 *   to the caller.
 * @throws {TypeError} If the criterion is no function.
 * @throws {RangeError} If `how` is none of the above.
 *
 * @example
 * ```ts
 * import { tensor1d } from '@tensorflow/tfjs-core'
 * import { magnitude, normalised } from 'tfjs-prune'
 *
 * const [initial, final, mask] = [tensor1d([0, 0, 0]), tensor1d([3, -1, 9]), tensor1d([1, 1, 0])]
 * const weight = { name: 'out/kernel', layer: 'out', role: 'kernel', round: 1, initial, final, mask }
 * const score = normalised(magnitude(), 'mean')(weight)
 * if (score.dataSync().join() !== '1.5,0.5,0') throw new Error('in units of the mean of the kept scores')
 * ```
 */
export function normalised(criterion: Criterion, how: Normalisation): Criterion {
  const task = 'make normalised'
  checkChoice(how, ['mean', 'maximum', 'sum', 'rank'], { task, name: 'the normalisation' })
  return combined(task, [criterion], (weight) => {
    const scores = scoresOfPart(task, criterion, weight)
    return how === 'rank' ? byRank(scores, weight) : byScale(scores, weight, how)
  })
}

function byScale(
  scores: Tensor,
  { mask }: ScoredWeight,
  how: Exclude<Normalisation, 'rank'>,
): Tensor {
  // The maximum first: sums of large scores would overflow.
  const kept = keepOnly(scores, cast(mask, 'bool'))
  const unit = perUnit(kept, max(abs(kept)))
  if (how === 'maximum') return unit
  const total = sum(abs(unit))
  return perUnit(unit, how === 'sum' ? total : div(total, maximum(sum(mask), 1)))
}

/** Scores over a scalar; over 1 where that is 0. */
function perUnit(scores: Tensor, unit: Tensor): Tensor {
  return div(scores, where(equal(unit, 0), onesLike(unit), unit))
}

function byRank(scores: Tensor, { mask }: ScoredWeight): Tensor {
  const kept = mask.dataSync()
  let count = 0
  for (let i = 0; i < kept.length; i++) count += kept[i]!
  const ranks = ranksAmongKept(scores.dataSync(), kept)
  const shares = new Float32Array(ranks.length)
  for (let i = 0; i < ranks.length; i++) shares[i] = ranks[i]! / count
  return tensor(shares, scores.shape)
}
