import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { checkClassIndex } from '../internal/metric-checks.js'
import { type SortedSides, sortedSides } from '../internal/metric-sides.js'
import { numberThat, required } from '../internal/option-checks.js'
import type { NumberArray } from '../types.js'
import { lowestAbove, refusedAt } from './misses-at.js'
import { ratesAt } from './rates-at.js'
import type { OperatingPoint } from './threshold-for-recall.js'

/** Options of {@link thresholdForFalsePositiveRate}. */
export interface ThresholdForFalsePositiveRateOptions {
  /** Class that counts as positive; all others are negative. */
  readonly positiveClass: number
  /** Largest share of the negatives that is taken for positives, in [0, 1). */
  readonly falsePositiveRate: number
}

const task = 'compute thresholdForFalsePositiveRate'
const checks: OptionChecks<ThresholdForFalsePositiveRateOptions> = {
  positiveClass: required(checkClassIndex),
  falsePositiveRate: required(numberThat('in [0, 1)', (rate) => rate >= 0 && rate < 1)),
}

/**
 * The lowest threshold whose false-positive rate is at most the wanted one: the most positives
 * found at that rate.
 *
 * t = min { t in S : |{j in N: s_j >= t}| / n- <= falsePositiveRate }, with S the scores and
 * Infinity. Ties are all above the threshold or all below: where the negatives that tie at the
 * highest score are too many, t is Infinity and nothing is predicted positive.
 * {@link falseNegativeRateAt} compares models at exactly one rate, whatever ties.
 *
 * @param labels Class index of each sample.
 * @param scores Score of the positive class, of any range, in the order of the labels; infinite
 *   ones are allowed.
 * @param options The positive class and the rate.
 * @returns The threshold, its recall, which is NaN without positives, and its false-positive rate,
 *   which is at most the wanted one.
 * @throws {TypeError} If the lengths differ, something is not a number, or an option does not
 *   exist.
 * @throws {RangeError} If there is no sample or no negative, a score is NaN, a label or
 *   `positiveClass` is no class index, `falsePositiveRate` is outside [0, 1), or so many negatives
 *   have a score of Infinity that no threshold keeps to it.
 * @example
 * ```ts
 * import { thresholdForFalsePositiveRate } from 'tfjs-prune/metrics'
 *
 * const [labels, scores] = [[1, 0, 1, 0, 1, 0], [6, 5, 4, 3, 2, 1]]
 * const point = thresholdForFalsePositiveRate(labels, scores, { positiveClass: 1, falsePositiveRate: 0.5 })
 * if (point.threshold !== 4 || point.falsePositiveRate !== 1 / 3) throw new Error('one negative of three is above')
 * if (point.recall !== 2 / 3) throw new Error('two positives of three are found')
 * ```
 */
export function thresholdForFalsePositiveRate(
  labels: NumberArray,
  scores: NumberArray,
  options: ThresholdForFalsePositiveRateOptions,
): OperatingPoint {
  checkOptions(options, { task, checks })
  const { positiveClass, falsePositiveRate } = options
  const sides = sortedSides(labels, scores, { task, positiveClass })
  return lowestThreshold(sides, { falsePositiveRate, task })
}

/** The same on sides that are sorted already; its errors name the caller's task. */
export function lowestThreshold(
  sides: SortedSides,
  { falsePositiveRate, task }: { readonly falsePositiveRate: number; readonly task: string },
): OperatingPoint {
  const { negatives } = sides
  if (negatives.length === 0)
    throw new RangeError(`Cannot ${task}: expected at least one negative, got none`)
  const refused = refusedAt(negatives, falsePositiveRate) // it must stay below
  if (refused === Number.POSITIVE_INFINITY) {
    const least = ratesAt(sides, refused).falsePositiveRate
    const wanted = `a falsePositiveRate of at least ${least}, the share of negatives with a score of Infinity`
    throw new RangeError(`Cannot ${task}: expected ${wanted}, got ${falsePositiveRate}`)
  }
  return ratesAt(sides, lowestAbove(sides, refused))
}
