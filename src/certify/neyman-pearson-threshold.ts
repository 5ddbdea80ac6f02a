import { binomialCdf } from '../internal/binomial.js'
import { checkOptionNames } from '../internal/check-option-names.js'
import { isAtMost } from '../internal/is-at-most.js'
import { sortedSides } from '../internal/metric-sides.js'
import { samplesToProve } from '../internal/provable-rate.js'
import { checkInside } from '../internal/rate-checks.js'
import type { NumberArray } from '../types.js'

/** Options of {@link neymanPearsonThreshold}. */
export interface NeymanPearsonOptions {
  /** Class that must not be missed; all others are negative. */
  readonly positiveClass: number
  /** Largest false-negative rate, in (0, 1). */
  readonly alpha: number
  /** Probability that the rate of new samples exceeds alpha all the same, in (0, 1). */
  readonly delta: number
}

/**
 * The highest threshold whose false-negative rate on new samples is at most alpha, but for a
 * probability of delta.
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
 * @throws {RangeError} If a score is NaN, a label is no class index, alpha or delta is outside (0,
 *   1), or there are too few positives: the message names the number needed.
 * @see Tong, Feng, Li: Neyman-Pearson classification algorithms and NP receiver operating
 *   characteristics. Science Advances 2018.
 *
 * @example
 * ```ts
 * import { neymanPearsonThreshold } from 'tfjs-prune/certify'
 *
 * const scores = Float64Array.from({ length: 100 }, (_, i) => i)
 * const labels = new Uint8Array(100).fill(1)
 * const { threshold, order } = neymanPearsonThreshold(labels, scores, { positiveClass: 1, alpha: 0.1, delta: 0.05 })
 * if (threshold !== 4 || order !== 5) throw new Error('4 of 100 missed here, to be sure of 10 % elsewhere')
 * ```
 */
export function neymanPearsonThreshold(
  labels: NumberArray,
  scores: NumberArray,
  options: NeymanPearsonOptions,
): { readonly threshold: number; readonly order: number } {
  const task = 'choose a threshold'
  checkOptionNames(options, { task, known: ['positiveClass', 'alpha', 'delta'] })
  const { positiveClass, alpha, delta } = options
  checkInside(alpha, { task, name: 'alpha' })
  checkInside(delta, { task, name: 'delta' })
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
