import { checkOptions } from '../internal/check-options.js'
import { sortedSides } from '../internal/metric-sides.js'
import { placements } from '../internal/mid-ranks.js'
import type { NumberArray } from '../types.js'
import { positiveClassChecks } from './positive-class-checks.js'

/** Options of {@link aucRoc}. */
export interface AucRocOptions {
  /** Class that counts as positive; all others are negative. */
  readonly positiveClass: number
}

const task = 'compute aucRoc'

/**
 * Area under the ROC curve: how often a positive scores above a negative, ties counting half.
 *
 * AUC = (1 / (n+ n-)) sum_{i in P, j in N} [s_i > s_j] + [s_i = s_j] / 2, which is the Mann-Whitney
 * statistic by mid-ranks. Computed in float64 and O(n log n).
 *
 * @param labels Class index of each sample.
 * @param scores Score of the positive class, of any range, in the order of the labels; infinite
 *   ones are allowed.
 * @param options The positive class.
 * @returns A number in [0, 1]; without positives or without negatives: NaN.
 * @throws {TypeError} If the lengths differ, or something is not a number.
 * @throws {RangeError} If there is no sample, a score is NaN, or a label or `positiveClass` is no
 *   class index.
 * @example
 * ```ts
 * import { aucRoc } from 'tfjs-prune/metrics'
 *
 * const auc = aucRoc([0, 0, 1, 1], [0.1, 0.4, 0.4, 0.8], { positiveClass: 1 })
 * if (auc !== 3.5 / 4) throw new Error('three pairs in order and one tie')
 * ```
 * @see Hanley, McNeil: The meaning and use of the area under a receiver operating characteristic
 *   curve. Radiology 1982.
 */
export function aucRoc(labels: NumberArray, scores: NumberArray, options: AucRocOptions): number {
  checkOptions(options, { task, checks: positiveClassChecks })
  const { positives, negatives } = sortedSides(labels, scores, {
    task,
    positiveClass: options.positiveClass,
  })
  const twice = placements(positives, negatives).reduce((sum, rank) => sum + rank, 0)
  return twice / 2 / (positives.length * negatives.length)
}
