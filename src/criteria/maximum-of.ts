import { maximum } from '@tensorflow/tfjs-core'
import type { Criterion } from '../types.js'
import { combined, scoresOfPart } from './combined.js'

/**
 * The highest score that any of several criteria gives: a weight stays if one of them wants it.
 *
 * Criteria have scales of their own: bring them to one with {@link normalised} first. It needs what
 * its parts need, and takes as many steps as the longest of them. Sibling of {@link weightedSum},
 * where a weight needs the favour of most.
 *
 * @param criteria At least one criterion.
 * @returns A criterion; its tensor has the weight's shape and belongs to the caller.
 * @throws {TypeError} If one is not a function.
 * @throws {RangeError} If there is none, or they want statistics of different weights (`at`).
 *
 * @example
 * ```ts
 * import { tensor1d } from '@tensorflow/tfjs-core'
 * import { initialFinal, magnitude, maximumOf } from 'tfjs-prune'
 *
 * const criterion = maximumOf(magnitude(), initialFinal({ rule: 'largeInitial' }))
 * const weight = { name: 'out/kernel', layer: 'out', role: 'kernel', round: 1, mask: tensor1d([1, 1]) }
 * const score = criterion({ ...weight, initial: tensor1d([1, -4]), final: tensor1d([-3, 2]) })
 * if (score.dataSync().join() !== '3,4') throw new Error('the larger of |w| and |w0|')
 * ```
 */
export function maximumOf(...criteria: readonly Criterion[]): Criterion {
  const task = 'make maximumOf'
  return combined(task, criteria, (weight) =>
    criteria
      .map((criterion) => scoresOfPart(task, criterion, weight))
      .reduce((a, b) => maximum(a, b)),
  )
}
