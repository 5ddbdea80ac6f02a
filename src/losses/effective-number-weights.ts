import { checkNumber } from '../internal/option-checks.js'
import type { NumberArray } from '../types.js'
import { checkCounts } from './class-checks.js'

/**
 * Class weights by the effective number of samples.
 *
 * gamma_c = (1 - beta) / (1 - beta^n_c), scaled so that the weights sum to the number of classes.
 * beta = 0 weighs all classes alike; the nearer beta is to 1, the nearer the weights are to
 * {@link inverseFrequencyWeights}.
 *
 * @param counts Training samples per class: whole numbers above 0, at least two.
 * @param beta In [0, 1). Values near 1, such as 0.99999, lose no precision.
 * @returns One weight per class, in the order of `counts`.
 * @throws {TypeError} If there are fewer than two counts or one is not a number.
 * @throws {RangeError} If a class is empty, or `beta` is outside [0, 1).
 * @example
 * ```ts
 * import { effectiveNumberWeights } from 'tfjs-prune/losses'
 *
 * const [benign = 0, melanoma = 0] = effectiveNumberWeights([727, 173], 0.99997)
 * if ((melanoma / benign).toFixed(2) !== '4.17') throw new Error('unexpected ratio')
 * ```
 * @see Cui, Jia, Lin, Song, Belongie: Class-balanced loss based on effective number of samples.
 *   CVPR 2019.
 */
export function effectiveNumberWeights(counts: NumberArray, beta: number): number[] {
  const task = 'compute effectiveNumberWeights'
  checkCounts(counts, task)
  const accepts = (value: number) => value >= 0 && value < 1
  checkNumber(beta, { task, name: 'beta', wanted: 'in [0, 1)', accepts })
  const logBeta = Math.log1p(beta - 1)
  const weights = Array.from(counts, (count) => -1 / Math.expm1(count * logBeta)) // 1 / (1 - beta^n_c)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight) => (weight / total) * weights.length)
}
