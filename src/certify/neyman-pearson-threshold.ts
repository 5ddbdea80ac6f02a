import { binomialCdf } from '../internal/binomial.js'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { isAtMost } from '../internal/is-at-most.js'
import { checkClassIndex } from '../internal/metric-checks.js'
import { sortedSides } from '../internal/metric-sides.js'
import { required } from '../internal/option-checks.js'
import { samplesToProve } from '../internal/provable-rate.js'
import { checkInside } from '../internal/rate-checks.js'
import type { NumberArray } from '../types.js'
import { errorOf } from './risks.js'

/** Options of {@link neymanPearsonThreshold}. */
export interface NeymanPearsonOptions {
  /** Class that must not be missed; all others are negative. */
  readonly positiveClass: number
  /** alpha: largest false-negative rate, in (0, 1). */
  readonly maximumFalseNegativeRate: number
  /** Probability that the promise holds, in (0, 1); delta is 1 - confidence. */
  readonly confidence: number
}

const task = 'choose a threshold'
const checks: OptionChecks<NeymanPearsonOptions> = {
  positiveClass: required(checkClassIndex),
  maximumFalseNegativeRate: required(checkInside),
  confidence: required(checkInside),
}

/**
 * The highest threshold whose false-negative rate on new samples is at most a given one, with a
 * given confidence.
 *
 * t = the j-th smallest score of the positives, j = max { j : P(Bin(n+, alpha) <= j - 1) <= delta
 * }; a sample is predicted positive if and only if score >= t. It lies below the threshold whose
 * rate on these samples is alpha: that one exceeds alpha on new samples about every other time.
 * Scores with ties make it safer, not less safe.
 *
 * @param labels Class index of each sample; samples that were not used for training or any choice.
 * @param scores Score of the positive class, of any range, in the order of the labels; infinite
 *   ones are allowed.
 * @param options The positive class, the rate and the probability.
 * @returns The threshold and the j that it stands on.
 * @throws {TypeError} If the lengths differ, or something is not a number.
 * @throws {RangeError} If a score is NaN, a label is no class index, the rate or `confidence` is
 *   outside (0, 1), or there are too few positives: the message names the number needed.
 * @see Tong, Feng, Li: Neyman-Pearson classification algorithms and NP receiver operating
 *   characteristics. Science Advances 2018.
 *
 * @example
 * ```ts
 * import { neymanPearsonThreshold } from 'tfjs-prune/certify'
 *
 * const scores = Float64Array.from({ length: 100 }, (_, i) => i)
 * const labels = new Uint8Array(100).fill(1)
 * const { threshold, order } = neymanPearsonThreshold(labels, scores, { positiveClass: 1, maximumFalseNegativeRate: 0.1, confidence: 0.95 })
 * if (threshold !== 4 || order !== 5) throw new Error('4 of 100 missed here, to be sure of 10 % elsewhere')
 * ```
 */
export function neymanPearsonThreshold(
  labels: NumberArray,
  scores: NumberArray,
  options: NeymanPearsonOptions,
): { readonly threshold: number; readonly order: number } {
  checkOptions(options, { task, checks })
  const { positiveClass, maximumFalseNegativeRate: alpha, confidence } = options
  const delta = errorOf(confidence)
  const { positives } = sortedSides(labels, scores, { task, positiveClass })
  const order = neymanPearsonOrder(positives.length, { alpha, delta })
  if (order === 0) {
    const needed = samplesToProve(alpha, delta)
    throw new RangeError(
      `Cannot ${task}: expected at least ${needed} positives, got ${positives.length}`,
    )
  }
  return { threshold: positives[order - 1]!, order }
}

/** max { j : P(Bin(n, alpha) <= j - 1) <= delta }, 0 when there is none. */
export function neymanPearsonOrder(
  positives: number,
  { alpha, delta }: { alpha: number; delta: number },
): number {
  let known = 0
  let above = positives + 1
  while (above - known > 1) {
    const order = Math.floor((known + above) / 2)
    if (isAtMost(binomialCdf(order - 1, positives, alpha), delta)) known = order
    else above = order
  }
  return known
}
