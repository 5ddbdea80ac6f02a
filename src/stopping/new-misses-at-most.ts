import { checkOptions } from '../internal/check-options.js'
import { checkNotNegative } from '../internal/option-checks.js'
import type { RoundReport, StoppingRule } from '../types.js'
import { type BoundOptions, boundChecks, withinBound } from './bound.js'
import { newMisses } from './new-misses.js'
import { tellRule } from './tell-rule.js'

const task = 'bound the new misses'

/**
 * Keeps the sparsest round that loses at most so many of the positives that the dense network
 * finds.
 *
 * A new miss is a sample of the class that the first round predicts right and this round does not.
 * A sample that only this round predicts right does not make up for one. A count on one set is an
 * estimate, not a promise for new data: the reasons tell the exact upper bound of its share, and
 * `newMissRateBound` judges by that.
 *
 * @param count Largest number of new misses, at least 0.
 * @param options Confidence of the bound in the reasons, class, and when to stop.
 * @returns A stopping rule for rounds that begin with the dense one; no feasible round is an
 *   explicit result. Without samples of the class, or where the dense network finds none of them,
 *   no round meets it. It throws a TypeError if
 *   `evaluate` does not return `labels`, `predictions` and `positiveClass`, and a RangeError if the
 *   rounds were not measured on the same samples.
 * @throws {TypeError} If the count or an option is no number.
 * @throws {RangeError} If the count or an option is out of range.
 *
 * @example
 * ```ts
 * import { newMissesAtMost } from 'tfjs-prune'
 *
 * const rule = newMissesAtMost(2)
 * if (rule([]).stop) throw new Error('no round is finished')
 * ```
 */
export function newMissesAtMost(count: number, options: BoundOptions = {}): StoppingRule {
  checkNotNegative(count, { task, name: 'count' })
  checkOptions(options, { task, checks: boundChecks })
  const { countOf, footing, whyBaseless } = newMisses(options, task)
  const measure = (round: RoundReport, rounds: readonly RoundReport[]) => {
    const { misses, positives } = countOf(round, rounds)
    return { value: positives > 0 ? misses : Number.NaN, limit: count }
  }
  const names = { what: 'new misses', one: 'new miss' }
  return tellRule(withinBound({ measure, ...names, footing, whyBaseless }, options), [
    'newMissesAtMost',
    count,
    options,
  ])
}
