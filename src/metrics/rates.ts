import type { Confusion } from '../types.js'

/**
 * Share of the positives that are missed.
 *
 * FNR = FN / (FN + TP) = 1 - {@link recall}
 *
 * @param confusion Counts of decisions.
 * @returns A number in [0, 1]; no positives: NaN.
 * @example
 * ```ts
 * import { falseNegativeRate } from 'tfjs-prune/metrics'
 *
 * const counts = { truePositives: 9, falseNegatives: 1, falsePositives: 20, trueNegatives: 70 }
 * if (falseNegativeRate(counts) !== 0.1) throw new Error('unexpected rate')
 * ```
 */
export function falseNegativeRate({ falseNegatives, truePositives }: Confusion): number {
  return falseNegatives / (falseNegatives + truePositives)
}

/**
 * Share of the negatives that are taken for positives.
 *
 * FPR = FP / (FP + TN)
 *
 * @param confusion Counts of decisions.
 * @returns A number in [0, 1]; no negatives: NaN.
 * @example
 * ```ts
 * import { falsePositiveRate } from 'tfjs-prune/metrics'
 *
 * const counts = { truePositives: 9, falseNegatives: 1, falsePositives: 20, trueNegatives: 60 }
 * if (falsePositiveRate(counts) !== 0.25) throw new Error('unexpected rate')
 * ```
 */
export function falsePositiveRate({ falsePositives, trueNegatives }: Confusion): number {
  return falsePositives / (falsePositives + trueNegatives)
}

/**
 * Share of the positives that are found, the true-positive rate or sensitivity.
 *
 * recall = TP / (TP + FN) = 1 - {@link falseNegativeRate}
 *
 * @param confusion Counts of decisions.
 * @returns A number in [0, 1]; no positives: NaN.
 * @example
 * ```ts
 * import { recall } from 'tfjs-prune/metrics'
 *
 * const counts = { truePositives: 9, falseNegatives: 1, falsePositives: 20, trueNegatives: 70 }
 * if (recall(counts) !== 0.9) throw new Error('unexpected rate')
 * ```
 */
export function recall({ truePositives, falseNegatives }: Confusion): number {
  return truePositives / (truePositives + falseNegatives)
}

/**
 * Share of the samples predicted positive that are positive.
 *
 * precision = TP / (TP + FP)
 *
 * @param confusion Counts of decisions.
 * @returns A number in [0, 1]; nothing predicted positive: NaN.
 * @example
 * ```ts
 * import { precision } from 'tfjs-prune/metrics'
 *
 * const counts = { truePositives: 9, falseNegatives: 1, falsePositives: 27, trueNegatives: 63 }
 * if (precision(counts) !== 0.25) throw new Error('unexpected rate')
 * ```
 */
export function precision({ truePositives, falsePositives }: Confusion): number {
  return truePositives / (truePositives + falsePositives)
}

/**
 * Share of the samples that are decided rightly.
 *
 * accuracy = (TP + TN) / n = pi (1 - FNR) + (1 - pi) (1 - FPR), with pi the share of positives.
 * Where positives are rare it hardly feels the misses: see {@link falseNegativeRate}.
 *
 * @param confusion Counts of decisions.
 * @returns A number in [0, 1]; no samples: NaN.
 * @example
 * ```ts
 * import { accuracy } from 'tfjs-prune/metrics'
 *
 * const allNegative = { truePositives: 0, falseNegatives: 10, falsePositives: 0, trueNegatives: 90 }
 * if (accuracy(allNegative) !== 0.9) throw new Error('unexpected rate')
 * ```
 */
export function accuracy({
  truePositives,
  falseNegatives,
  falsePositives,
  trueNegatives,
}: Confusion): number {
  const right = truePositives + trueNegatives
  return right / (right + falseNegatives + falsePositives)
}
