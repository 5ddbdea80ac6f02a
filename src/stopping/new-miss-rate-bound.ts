import { checkOptions } from '../internal/check-options.js'
import { checkNumber } from '../internal/option-checks.js'
import type { RoundReport, StoppingRule } from '../types.js'
import { type BoundOptions, boundChecks, withinBound } from './bound.js'
import { newMisses } from './new-misses.js'
import { tellRule } from './tell-rule.js'

const task = 'bound the rate of new misses'

/**
 * Keeps the sparsest round with an exact upper bound of the rate of new misses at or below a limit.
 *
 * upper: P(Bin(n+, upper) <= new misses) = 1 - confidence. A new miss is a sample of the class that
 * the first round predicts right and this round does not; the rate is their share of the samples of
 * the class. `newMissesAtMost` is the sibling for the count on the evaluated samples.
 *
 * @param rate Largest upper bound of the rate, in (0, 1].
 * @param options Confidence, class, and when to stop.
 * @returns A stopping rule for rounds that begin with the dense one; no feasible round is an
 *   explicit result. Without samples of the class, or where the dense network finds none of them,
 *   no round meets it. It throws a TypeError if
 *   `evaluate` does not return `labels`, `predictions` and `positiveClass`, and a RangeError if the
 *   rounds were not measured on the same samples.
 * @throws {TypeError} If the rate or an option is no number.
 * @throws {RangeError} If the rate or an option is out of range.
 *
 * @example
 * ```ts
 * import { newMissRateBound } from 'tfjs-prune'
 *
 * const rule = newMissRateBound(0.05, { confidence: 0.95 })
 * if (rule([]).stop) throw new Error('no round is finished')
 * ```
 */
export function newMissRateBound(rate: number, options: BoundOptions = {}): StoppingRule {
  const accepts = (limit: number) => limit > 0 && limit <= 1
  checkNumber(rate, { task, name: 'rate', wanted: 'in (0, 1]', accepts })
  checkOptions(options, { task, checks: boundChecks })
  const { countOf, upperOf, footing, whyBaseless } = newMisses(options, task)
  const measure = (round: RoundReport, rounds: readonly RoundReport[]) => {
    return { value: upperOf(countOf(round, rounds)), limit: rate }
  }
  const what = 'upper bound of the rate of new misses'
  return tellRule(withinBound({ measure, what, footing, whyBaseless }, options), [
    'newMissRateBound',
    rate,
    options,
  ])
}
