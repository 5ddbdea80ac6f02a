import type { StoppingRule } from '../types.js'
import { type RelativeRate, rateAtMost } from './rate-at-most.js'
import { tellRule } from './tell-rule.js'
import type { BudgetOptions } from './within-budget.js'

/**
 * Keeps the sparsest round with a false-negative rate FN / (FN + TP) at or below a bound on the
 * evaluation set.
 *
 * A network that calls everything positive misses nothing: beside it in `allOf`,
 * {@link falsePositiveRateAtMost} says how many false alarms that may cost.
 *
 * @param rate The bound in [0, 1], or one relative to the dense level: rate(dense) * factor +
 *   slack.
 * @param options When to stop.
 * @returns A stopping rule; no feasible round is an explicit result, as where the bound is relative
 *   to a dense network that finds positives no better than by lot: FNR + FPR >= 1. Without
 *   positives the rate is NaN, which meets no bound.
 * @throws {RangeError} If the bound is out of range.
 * @throws {TypeError} If it is neither a number nor an object.
 *
 * @example
 * ```ts
 * import { falseNegativeRateAtMost } from 'tfjs-prune'
 *
 * const asDense = falseNegativeRateAtMost({ slack: 0.02 }, { stopEarly: 2 })
 * const absolute = falseNegativeRateAtMost(0.05)
 * if (asDense([]).stop || absolute([]).stop) throw new Error('no round is finished')
 * ```
 */
export function falseNegativeRateAtMost(
  rate: number | RelativeRate,
  options: BudgetOptions = {},
): StoppingRule {
  return tellRule(
    rateAtMost(rate, options, {
      what: 'false-negative rate',
      of: (evaluation) => evaluation.falseNegativeRate,
    }),
    ['falseNegativeRateAtMost', rate, options],
  )
}
