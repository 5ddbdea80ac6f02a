import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { missesOf } from '../internal/class-outcomes.js'
import { checkNotNegative, required } from '../internal/option-checks.js'
import { smallestProvableRate } from '../internal/provable-rate.js'
import { clopperPearson } from '../metrics/clopper-pearson.js'
import type { RoundReport, StoppingRule } from '../types.js'
import { type BoundOptions, boundChecks, provable, withinBound } from './bound.js'

/** Options of {@link falseNegativesBound}. */
export interface FalseNegativesBoundOptions extends BoundOptions {
  /** Largest upper bound of the expected number of misses, at least 0. */
  readonly atMost: number
  /**
   * Number of new samples of the class that the misses are counted among. @default as many as were
   * evaluated
   */
  readonly among?: number
}

const task = 'bound the false negatives'
const checks: OptionChecks<FalseNegativesBoundOptions> = {
  ...boundChecks,
  atMost: required(checkNotNegative),
  among: checkNotNegative,
}

/**
 * Keeps the sparsest round whose expected number of misses among new positives is at most so large
 * by its exact upper bound.
 *
 * among * upper, upper: P(Bin(n+, upper) <= FN) = 1 - confidence. `falseNegativesAtMost` counts the
 * misses of the evaluation themselves; `falseNegativeRateBound` bounds the rate and says what holds
 * for a choice among rounds.
 *
 * @param options The bound, the confidence, the class and when to stop.
 * @returns A stopping rule; no feasible round is an explicit result. Without samples of the class
 *   the bound is NaN, which meets no limit. It throws a TypeError if `class` is not the
 *   evaluation's positive class and `evaluate` does not return `labels` and `predictions`.
 * @throws {TypeError} If an option is no number.
 * @throws {RangeError} If an option is out of range.
 *
 * @example
 * ```ts
 * import { falseNegativesBound } from 'tfjs-prune'
 *
 * const rule = falseNegativesBound({ atMost: 20, among: 1000 })
 * if (rule([]).stop) throw new Error('no round is finished')
 * ```
 */
export function falseNegativesBound(options: FalseNegativesBoundOptions): StoppingRule {
  checkOptions(options, { task, checks })
  const { atMost, among, confidence = 0.95, class: wanted } = options
  const measure = ({ evaluation }: RoundReport) => {
    const { misses, positives } = missesOf(evaluation, wanted, task)
    const { upper } = clopperPearson(misses, positives, { confidence, side: 'upper' })
    return { value: upper * (among ?? positives), limit: atMost }
  }
  const footing = ({ evaluation }: RoundReport) => {
    const { misses, positives } = missesOf(evaluation, wanted, task)
    const least = smallestProvableRate(positives, 1 - confidence) * (among ?? positives)
    const count = positives > 0 ? `, or ${least.toPrecision(3)} of ${among ?? positives}` : ''
    return `${misses} missed of ${provable(positives, confidence)}${count}`
  }
  return withinBound({ measure, what: 'upper bound of the false negatives', footing }, options)
}
