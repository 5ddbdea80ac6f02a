import { checkOptionNames } from '../internal/check-option-names.js'
import { describe } from '../internal/describe.js'
import type { RoundReport, StoppingRule } from '../types.js'
import { type BudgetOptions, withinBudget } from './within-budget.js'

/** A bound relative to the dense network of round 0. */
export interface RelativeRate {
  /** Factor on the dense level's rate, at least 0: 1.1 allows a tenth more misses. @default 1 */
  readonly factor?: number
  /** Added to it, in units of the rate: 0.02 allows two points more. @default 0 */
  readonly margin?: number
}

/**
 * Keeps the sparsest round with a false-negative rate FN / (FN + TP) at or below a bound on the evaluation set.
 *
 * @param rate The bound in [0, 1], or one relative to the dense level: rate(dense) * factor + margin.
 * @param options When to stop.
 * @returns A stopping rule; no feasible round is an explicit result. Without positives the rate is NaN, which meets no
 *   bound.
 * @throws {RangeError} If the bound is out of range.
 * @throws {TypeError} If it is neither a number nor an object.
 *
 * @example
 * ```ts
 * import { falseNegativeRateAtMost } from 'tfjs-prune'
 *
 * const asDense = falseNegativeRateAtMost({ margin: 0.02 }, { stopAfter: Infinity })
 * const absolute = falseNegativeRateAtMost(0.05)
 * if (asDense([]).stop || absolute([]).stop) throw new Error('no round is finished')
 * ```
 */
export function falseNegativeRateAtMost(rate: number | RelativeRate, options: BudgetOptions = {}): StoppingRule {
  if (typeof rate !== 'number' && (typeof rate !== 'object' || rate === null)) {
    throw new TypeError(
      `Cannot bound the false-negative rate: expected a number or { factor, margin }, got ${describe(rate)}`,
    )
  }
  const task = 'bound the false-negative rate'
  checkOptionNames(options, { task, known: ['stopAfter'] })
  if (typeof rate === 'object') {
    checkOptionNames(rate, { task, known: ['factor', 'margin'] })
    for (const [name, value] of Object.entries(rate)) {
      if (value === undefined || typeof value === 'number') continue
      throw new TypeError(`Cannot ${task}: expected a number as ${name}, got ${typeof value}`)
    }
  }
  const limitOf = typeof rate === 'number' ? absolute(rate) : relative(rate)
  const measure = ({ evaluation }: RoundReport, rounds: readonly RoundReport[]) => {
    return { value: evaluation.falseNegativeRate, limit: limitOf(rounds) }
  }
  return withinBudget({ measure, what: 'false-negative rate' }, options)
}

function absolute(rate: number): () => number {
  if (!(rate >= 0 && rate <= 1)) {
    throw new RangeError(`Cannot bound the false-negative rate: expected a rate in [0, 1], got ${rate}`)
  }
  return () => rate
}

function relative({ factor = 1, margin = 0 }: RelativeRate): (rounds: readonly RoundReport[]) => number {
  if (!(factor >= 0)) {
    throw new RangeError(`Cannot bound the false-negative rate: expected a factor of at least 0, got ${factor}`)
  }
  if (!(margin >= -1 && margin <= 1)) {
    throw new RangeError(`Cannot bound the false-negative rate: expected a margin in [-1, 1], got ${margin}`)
  }
  return (rounds) => rounds[0]!.evaluation.falseNegativeRate * factor + margin
}
