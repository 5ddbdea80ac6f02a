import { checkOptions } from '../internal/check-options.js'
import { optionError } from '../internal/option-error.js'
import type { RoundReport, StoppingRule } from '../types.js'
import { tellRule } from './tell-rule.js'
import { type BudgetOptions, budgetChecks, withinBudget } from './within-budget.js'

/**
 * Keeps the sparsest round with at most so many false negatives on the evaluation set.
 *
 * A count on one set is an estimate, not a promise for new data.
 *
 * @param count Largest number of missed positives, at least 0.
 * @param options When to stop.
 * @returns A stopping rule; no feasible round is an explicit result.
 * @throws {RangeError} If the count is negative or NaN, or `stopEarly` is no whole
 *   number of at least 1.
 *
 * @example
 * ```ts
 * import { falseNegativesAtMost } from 'tfjs-prune'
 *
 * const decision = falseNegativesAtMost(3)([])
 * if (decision.keep !== undefined) throw new Error('nothing to keep yet')
 * ```
 */
export function falseNegativesAtMost(count: number, options: BudgetOptions = {}): StoppingRule {
  if (typeof count !== 'number') {
    throw optionError(
      new TypeError(
        `Cannot bound the false negatives: expected a number as count, got ${String(count)}`,
      ),
    )
  }
  if (!(count >= 0)) {
    throw optionError(
      new RangeError(
        `Cannot bound the false negatives: expected a count of at least 0, got ${count}`,
      ),
    )
  }
  checkOptions(options, { task: 'bound the false negatives', checks: budgetChecks })
  const measure = ({ evaluation }: RoundReport) => {
    return { value: evaluation.confusion?.falseNegatives, limit: count }
  }
  const names = { what: 'false negatives', one: 'false negative' }
  return tellRule(withinBudget({ measure, ...names }, options), [
    'falseNegativesAtMost',
    count,
    options,
  ])
}
