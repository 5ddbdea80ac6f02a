import { mul } from '@tensorflow/tfjs-core'
import { addAll } from '../internal/add-all.js'
import { checkNumber } from '../internal/option-checks.js'
import { optionError } from '../internal/option-error.js'
import type { Criterion } from '../types.js'
import { combined, scoresOfPart } from './combined.js'

/** One part of a {@link weightedSum}. */
export interface WeightedCriterion {
  readonly criterion: Criterion
  /** A finite number; a negative one turns the order of its criterion around. */
  readonly weight: number
}

/**
 * The weighted sum of several criteria: S = sum_i weight_i S_i.
 *
 * Criteria have scales of their own: bring them to one with {@link normalised} first. It needs what
 * its parts need, and takes as many steps as the longest of them.
 *
 * @param parts At least one criterion with its weight.
 * @returns A criterion; its tensor has the weight's shape and belongs to the caller.
 * @throws {TypeError} If `parts` is no list, or a part has no function as criterion or no number as
 *   weight.
 * @throws {RangeError} If there is no part, a weight is not finite, or parts want statistics of
 *   different weights (`at`).
 *
 * @example
 * ```ts
 * import { tensor1d } from '@tensorflow/tfjs-core'
 * import { magnitude, magnitudeIncrease, weightedSum } from 'tfjs-prune'
 *
 * const criterion = weightedSum([
 *   { criterion: magnitude(), weight: 1 },
 *   { criterion: magnitudeIncrease(), weight: 2 },
 * ])
 * const weight = { name: 'out/kernel', layer: 'out', role: 'kernel', round: 1, mask: tensor1d([1]) }
 * const [score] = criterion({ ...weight, initial: tensor1d([1]), final: tensor1d([-3]) }).dataSync()
 * if (score !== 7) throw new Error('3 + 2 * 2')
 * ```
 */
export function weightedSum(parts: readonly WeightedCriterion[]): Criterion {
  const task = 'make weightedSum'
  if (!Array.isArray(parts))
    throw optionError(
      new TypeError(`Cannot ${task}: expected a list of parts, got ${typeof parts}`),
    )
  for (const [index, part] of parts.entries()) {
    const name = `weight ${index}`
    checkNumber(part?.weight, { task, name, wanted: 'a finite number', accepts: Number.isFinite })
  }
  const criteria = parts.map(({ criterion }) => criterion)
  return combined(task, criteria, (seen) =>
    addAll(parts.map(({ criterion, weight }) => mul(scoresOfPart(task, criterion, seen), weight))),
  )
}
