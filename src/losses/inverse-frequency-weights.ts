import type { NumberArray } from '../types.js'
import { checkCounts } from './class-checks.js'

/**
 * Class weights in inverse proportion to the class sizes.
 *
 * gamma_c = 1 / n_c, scaled so that the weights sum to the number of classes. The limit of
 * `effectiveNumberWeights(counts, beta)` for beta -> 1.
 *
 * @param counts Training samples per class: whole numbers above 0, at least two.
 * @returns One weight per class, in the order of `counts`.
 * @throws {TypeError} If there are fewer than two counts or one is not a number.
 * @throws {RangeError} If a class is empty.
 * @example
 * ```ts
 * import { inverseFrequencyWeights } from 'tfjs-prune/losses'
 *
 * const [common = 0, rare = 0] = inverseFrequencyWeights([500, 100])
 * if (Math.abs(rare / common - 5) > 1e-12) throw new Error('unexpected ratio')
 * ```
 */
export function inverseFrequencyWeights(counts: NumberArray): number[] {
  checkCounts(counts, 'compute inverseFrequencyWeights')
  const weights = Array.from(counts, (count) => 1 / count)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight) => (weight / total) * weights.length)
}
