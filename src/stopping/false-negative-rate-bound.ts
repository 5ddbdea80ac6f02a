import { checkOptions } from '../internal/check-options.js'
import { missesOf } from '../internal/class-outcomes.js'
import { checkNumber } from '../internal/option-checks.js'
import { clopperPearson } from '../metrics/clopper-pearson.js'
import type { RoundReport, StoppingRule } from '../types.js'
import { type BoundOptions, boundChecks, provable, withinBound } from './bound.js'
import { tellRule } from './tell-rule.js'

const task = 'bound the false-negative rate'

/**
 * Keeps the sparsest round with an exact upper bound of the false-negative rate at or below a
 * limit.
 *
 * upper: P(Bin(n+, upper) <= FN) = 1 - confidence, after Clopper and Pearson. With n+ positives no
 * bound below 1 - (1 - confidence)^(1 / n+) can be met; the reasons tell it. The bound is that of
 * one round: for the round chosen among L rounds ask for a confidence of 1 - (1 - confidence) / L,
 * or use `certify`. `falseNegativeRateAtMost` is the sibling for estimates, `falseNegativesBound`
 * for counts.
 *
 * @param rate Largest upper bound of the false-negative rate, in (0, 1].
 * @param options Confidence, class, and when to stop.
 * @returns A stopping rule; no feasible round is an explicit result. Without samples of the class
 *   the bound is NaN, which meets no limit. It throws a TypeError if `positiveClass` is not the
 *   evaluation's positive class and `evaluate` does not return `labels` and `predictions`.
 * @throws {TypeError} If the rate or an option is no number.
 * @throws {RangeError} If the rate or an option is out of range.
 * @see Clopper, Pearson: The use of confidence or fiducial limits illustrated in the case of the
 *   binomial. Biometrika 1934.
 *
 * @example
 * ```ts
 * import { falseNegativeRateBound } from 'tfjs-prune'
 *
 * const rule = falseNegativeRateBound(0.1, { confidence: 0.95, stopEarly: 2 })
 * if (rule([]).stop) throw new Error('no round is finished')
 * ```
 */
export function falseNegativeRateBound(rate: number, options: BoundOptions = {}): StoppingRule {
  const accepts = (limit: number) => limit > 0 && limit <= 1
  checkNumber(rate, { task, name: 'rate', wanted: 'in (0, 1]', accepts })
  checkOptions(options, { task, checks: boundChecks })
  const { confidence = 0.95, positiveClass } = options
  const measure = ({ evaluation }: RoundReport) => {
    const { misses, positives } = missesOf(evaluation, positiveClass, task)
    return {
      value: clopperPearson(misses, positives, { confidence, side: 'upper' }).upper,
      limit: rate,
    }
  }
  const footing = ({ evaluation }: RoundReport) => {
    const { misses, positives } = missesOf(evaluation, positiveClass, task)
    return `${misses} missed of ${provable(positives, confidence)}`
  }
  return tellRule(
    withinBound({ measure, what: 'upper bound of the false-negative rate', footing }, options),
    ['falseNegativeRateBound', rate, options],
  )
}
