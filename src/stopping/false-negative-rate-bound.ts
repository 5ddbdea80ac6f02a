import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { missesOf } from '../internal/class-outcomes.js'
import { numberThat, required } from '../internal/option-checks.js'
import { clopperPearson } from '../metrics/clopper-pearson.js'
import type { RoundReport, StoppingRule } from '../types.js'
import { type BoundOptions, boundChecks, provable, withinBound } from './bound.js'

/** Options of {@link falseNegativeRateBound}. */
export interface FalseNegativeRateBoundOptions extends BoundOptions {
  /** Largest upper bound of the false-negative rate, in (0, 1]. */
  readonly atMost: number
}

const task = 'bound the false-negative rate'
const checks: OptionChecks<FalseNegativeRateBoundOptions> = {
  ...boundChecks,
  atMost: required(numberThat('a rate in (0, 1]', (rate) => rate > 0 && rate <= 1)),
}

/**
 * Keeps the sparsest round whose false-negative rate is at most so large by its exact upper bound,
 * not by its estimate.
 *
 * upper: P(Bin(n+, upper) <= FN) = 1 - confidence, after Clopper and Pearson. With n+ positives no
 * bound below 1 - (1 - confidence)^(1 / n+) can be met; the reasons tell it. The bound is that of
 * one round: for the round chosen among L rounds ask for a confidence of 1 - (1 - confidence) / L,
 * or use `certify`. `falseNegativeRateAtMost` is the sibling for estimates, `falseNegativesBound`
 * for counts.
 *
 * @param options The bound, the confidence, the class and when to stop.
 * @returns A stopping rule; no feasible round is an explicit result. Without samples of the class
 *   the bound is NaN, which meets no limit. It throws a TypeError if `class` is not the
 *   evaluation's positive class and `evaluate` does not return `labels` and `predictions`.
 * @throws {TypeError} If an option is no number.
 * @throws {RangeError} If `atMost`, `confidence`, `class` or `stopEarly` is out of range.
 * @see Clopper, Pearson: The use of confidence or fiducial limits illustrated in the case of the
 *   binomial. Biometrika 1934.
 *
 * @example
 * ```ts
 * import { falseNegativeRateBound } from 'tfjs-prune'
 *
 * const rule = falseNegativeRateBound({ atMost: 0.1, confidence: 0.95, stopEarly: 2 })
 * if (rule([]).stop) throw new Error('no round is finished')
 * ```
 */
export function falseNegativeRateBound(options: FalseNegativeRateBoundOptions): StoppingRule {
  checkOptions(options, { task, checks })
  const { atMost, confidence = 0.95, class: wanted } = options
  const measure = ({ evaluation }: RoundReport) => {
    const { misses, positives } = missesOf(evaluation, wanted, task)
    return {
      value: clopperPearson(misses, positives, { confidence, side: 'upper' }).upper,
      limit: atMost,
    }
  }
  const footing = ({ evaluation }: RoundReport) => {
    const { misses, positives } = missesOf(evaluation, wanted, task)
    return `${misses} missed of ${provable(positives, confidence)}`
  }
  return withinBound({ measure, what: 'upper bound of the false-negative rate', footing }, options)
}
