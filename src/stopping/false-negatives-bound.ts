import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { missesOf } from '../internal/class-outcomes.js'
import { checkNotNegative } from '../internal/option-checks.js'
import { smallestProvableRate } from '../internal/provable-rate.js'
import { clopperPearson } from '../metrics/clopper-pearson.js'
import type { RoundReport, StoppingRule } from '../types.js'
import { type BoundOptions, boundChecks, provable, withinBound } from './bound.js'
import { tellRule } from './tell-rule.js'

/** Options of {@link falseNegativesBound}. */
export interface FalseNegativesBoundOptions extends BoundOptions {
  /**
   * Number of new samples of the class that the misses are counted among. @default as many as were
   * evaluated
   */
  readonly among?: number
}

const task = 'bound the false negatives'
const checks: OptionChecks<FalseNegativesBoundOptions> = {
  ...boundChecks,
  among: checkNotNegative,
}

/**
 * Keeps the sparsest round with an exact upper bound of the misses among new positives at or below
 * a limit.
 *
 * among * upper, upper: P(Bin(n+, upper) <= FN) = 1 - confidence. `falseNegativesAtMost` counts the
 * misses of the evaluation themselves; `falseNegativeRateBound` bounds the rate and says how to
 * allow for a choice among rounds.
 *
 * @param count Largest upper bound of the expected number of misses, at least 0.
 * @param options Number of new positives, confidence, class, and when to stop.
 * @returns A stopping rule; no feasible round is an explicit result. Without samples of the class
 *   the bound is NaN, which meets no limit. It throws a TypeError if `positiveClass` is not the
 *   evaluation's positive class and `evaluate` does not return `labels` and `predictions`.
 * @throws {TypeError} If the count or an option is no number.
 * @throws {RangeError} If the count or an option is out of range.
 *
 * @example
 * ```ts
 * import { falseNegativesBound } from 'tfjs-prune'
 *
 * const rule = falseNegativesBound(20, { among: 1000 })
 * if (rule([]).stop) throw new Error('no round is finished')
 * ```
 */
export function falseNegativesBound(
  count: number,
  options: FalseNegativesBoundOptions = {},
): StoppingRule {
  checkNotNegative(count, { task, name: 'count' })
  checkOptions(options, { task, checks })
  const { among, confidence = 0.95, positiveClass } = options
  const measure = ({ evaluation }: RoundReport) => {
    const { misses, positives } = missesOf(evaluation, positiveClass, task)
    const { upper } = clopperPearson(misses, positives, { confidence, side: 'upper' })
    return { value: upper * (among ?? positives), limit: count }
  }
  const footing = ({ evaluation }: RoundReport) => {
    const { misses, positives } = missesOf(evaluation, positiveClass, task)
    const least = smallestProvableRate(positives, 1 - confidence) * (among ?? positives)
    const ofCount = positives > 0 ? `, or ${least.toPrecision(3)} of ${among ?? positives}` : ''
    return `${misses} missed of ${provable(positives, confidence)}${ofCount}`
  }
  return tellRule(
    withinBound({ measure, what: 'upper bound of the false negatives', footing }, options),
    ['falseNegativesBound', count, options],
  )
}
