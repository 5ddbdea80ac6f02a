import { checkNumber } from '../internal/option-checks.js'
import type { NumberArray } from '../types.js'

/**
 * Holm's correction: p-values of several tests, made larger so that all of them can be read
 * together.
 *
 * With p_(1) <= ... <= p_(m): adjusted p_(i) = max_{j <= i} min(1, (m - j + 1) p_(j)). Whatever the
 * tests have to do with each other, calling those with an adjusted value of at most a significant
 * errs anywhere with probability at most a.
 *
 * @param pValues p-value of each test, in [0, 1], in any order.
 * @returns The adjusted values in the same order, float64, each at least the raw one; no tests: an
 *   empty array.
 * @throws {TypeError} If `pValues` is no array, or a value is not a number.
 * @throws {RangeError} If a value is not in [0, 1].
 * @example
 * ```ts
 * import { holm } from 'tfjs-prune/metrics'
 *
 * const adjusted = holm([0.5, 0.0625, 0.125])
 * if (adjusted.join() !== '0.5,0.1875,0.25') throw new Error('times 1, 3 and 2')
 * ```
 * @see Holm: A simple sequentially rejective multiple test procedure. Scandinavian Journal of
 *   Statistics 1979.
 */
export function holm(pValues: NumberArray): Float64Array {
  const task = 'compute holm'
  if (typeof pValues?.length !== 'number') {
    throw new TypeError(`Cannot ${task}: expected an array of p-values, got ${String(pValues)}`)
  }
  const accepts = (value: number) => value >= 0 && value <= 1
  for (let i = 0; i < pValues.length; i++) {
    checkNumber(pValues[i], { task, name: `p-value ${i}`, wanted: 'a number from 0 to 1', accepts })
  }
  const ascending = Array.from(pValues, (_, i) => i).sort((a, b) => pValues[a]! - pValues[b]!)
  const adjusted = new Float64Array(pValues.length)
  let highest = 0
  for (const [rank, index] of ascending.entries()) {
    highest = Math.max(highest, Math.min(1, (pValues.length - rank) * pValues[index]!))
    adjusted[index] = highest
  }
  return adjusted
}
