import type { StoppingRule } from '../types.js'
import { type RelativeRate, rateAtMost } from './rate-at-most.js'
import { tellRule } from './tell-rule.js'
import type { BudgetOptions } from './within-budget.js'

/**
 * Keeps the sparsest round with a false-positive rate FP / (FP + TN) at or below a bound on the
 * evaluation set.
 *
 * The other half of a budget of misses: a pruned network may call everything positive, and then it
 * misses nothing. Use it with {@link falseNegativesAtMost} or {@link falseNegativeRateAtMost} in
 * `allOf`.
 *
 * @param rate The bound in [0, 1], or one relative to the dense level: rate(dense) * factor +
 *   slack.
 * @param options When to stop.
 * @returns A stopping rule; no feasible round is an explicit result, as where the bound is relative
 *   to a dense network that finds positives no better than by lot: FNR + FPR >= 1. Without
 *   negatives the rate is NaN, which meets no bound.
 * @throws {RangeError} If the bound is out of range.
 * @throws {TypeError} If it is neither a number nor an object.
 *
 * @example
 * ```ts
 * import { allOf, falseNegativesAtMost, falsePositiveRateAtMost } from 'tfjs-prune'
 *
 * const stop = allOf(falseNegativesAtMost(2), falsePositiveRateAtMost({ slack: 0.05 }))
 * if (stop([]).stop) throw new Error('no round is finished')
 * ```
 */
export function falsePositiveRateAtMost(
  rate: number | RelativeRate,
  options: BudgetOptions = {},
): StoppingRule {
  return tellRule(
    rateAtMost(rate, options, {
      what: 'false-positive rate',
      of: (evaluation) => evaluation.falsePositiveRate,
    }),
    ['falsePositiveRateAtMost', rate, options],
  )
}
