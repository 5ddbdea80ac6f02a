import { checkNumber } from '../internal/option-checks.js'
import type { NumberArray } from '../types.js'
import { checkCounts } from './class-checks.js'

/**
 * The beta with which `effectiveNumberWeights` gives the rarer of two classes `ratio` times the
 * weight of the other.
 *
 * Solves (1 - beta^N) / (1 - beta^n) = ratio, n < N. The left side grows from 1 at beta = 0 towards
 * N / n at beta = 1, so every ratio in [1, N / n) has exactly one beta; N / n itself is
 * `inverseFrequencyWeights`.
 *
 * @param counts Training samples of the two classes, in any order: whole numbers above 0.
 * @param ratio Wanted weight of the rarer class over that of the common one, in [1, N / n).
 * @returns beta in [0, 1). Classes of equal size have the ratio 1 with every beta: 0 is returned.
 * @throws {TypeError} If there are not two counts or `ratio` is not a number.
 * @throws {RangeError} If a class is empty, or no beta below 1 gives the ratio.
 * @example
 * ```ts
 * import { betaForRatio, effectiveNumberWeights } from 'tfjs-prune/losses'
 *
 * const beta = betaForRatio([14000, 2800], 4)
 * const [common = 0, rare = 0] = effectiveNumberWeights([14000, 2800], beta)
 * if (Math.abs(rare / common - 4) > 1e-9) throw new Error('unexpected ratio')
 * ```
 */
export function betaForRatio(counts: NumberArray, ratio: number): number {
  const task = 'compute betaForRatio'
  checkCounts(counts, task)
  if (counts.length !== 2)
    throw new TypeError(`Cannot ${task}: expected counts of 2 classes, got ${counts.length}`)
  const common = Math.max(counts[0]!, counts[1]!)
  const rare = Math.min(counts[0]!, counts[1]!)
  const wanted = common === rare ? '1, the classes being equal in size' : `in [1, ${common / rare})`
  const accepts = (value: number) => value === 1 || (value > 1 && value < common / rare)
  checkNumber(ratio, { task, name: 'ratio', wanted, accepts })
  if (ratio === 1) return 0
  const ratioAt = (rate: number) => Math.expm1(-common * rate) / Math.expm1(-rare * rate) // beta = exp(-rate)
  let [low, high] = [Number.EPSILON, 1000]
  while (high / low > 1 + 4 * Number.EPSILON) {
    const middle = Math.sqrt(low * high)
    if (ratioAt(middle) > ratio) low = middle
    else high = middle
  }
  return Math.exp(-high)
}
