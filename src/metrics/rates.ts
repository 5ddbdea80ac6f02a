import { describe } from '../internal/describe.js'
import type { Confusion } from '../types.js'

/**
 * Share of the positives that are missed.
 *
 * FNR = FN / (FN + TP) = 1 - {@link recall}
 *
 * @param confusion Counts of decisions.
 * @returns A number in [0, 1]; no positives: NaN.
 * @throws {TypeError} If a count is no number.
 * @example
 * ```ts
 * import { falseNegativeRate } from 'tfjs-prune/metrics'
 *
 * const counts = { truePositives: 9, falseNegatives: 1, falsePositives: 20, trueNegatives: 70 }
 * if (falseNegativeRate(counts) !== 0.1) throw new Error('unexpected rate')
 * ```
 */
export function falseNegativeRate(confusion: Confusion): number {
  return share('falseNegativeRate', confusion, ['falseNegatives'], ['truePositives'])
}

/**
 * Share of the negatives that are taken for positives.
 *
 * FPR = FP / (FP + TN)
 *
 * @param confusion Counts of decisions.
 * @returns A number in [0, 1]; no negatives: NaN.
 * @throws {TypeError} If a count is no number.
 * @example
 * ```ts
 * import { falsePositiveRate } from 'tfjs-prune/metrics'
 *
 * const counts = { truePositives: 9, falseNegatives: 1, falsePositives: 20, trueNegatives: 60 }
 * if (falsePositiveRate(counts) !== 0.25) throw new Error('unexpected rate')
 * ```
 */
export function falsePositiveRate(confusion: Confusion): number {
  return share('falsePositiveRate', confusion, ['falsePositives'], ['trueNegatives'])
}

/**
 * Share of the positives that are found, the true-positive rate or sensitivity.
 *
 * recall = TP / (TP + FN) = 1 - {@link falseNegativeRate}
 *
 * @param confusion Counts of decisions.
 * @returns A number in [0, 1]; no positives: NaN.
 * @throws {TypeError} If a count is no number.
 * @example
 * ```ts
 * import { recall } from 'tfjs-prune/metrics'
 *
 * const counts = { truePositives: 9, falseNegatives: 1, falsePositives: 20, trueNegatives: 70 }
 * if (recall(counts) !== 0.9) throw new Error('unexpected rate')
 * ```
 */
export function recall(confusion: Confusion): number {
  return share('recall', confusion, ['truePositives'], ['falseNegatives'])
}

/**
 * Share of the samples predicted positive that are positive.
 *
 * precision = TP / (TP + FP)
 *
 * @param confusion Counts of decisions.
 * @returns A number in [0, 1]; nothing predicted positive: NaN.
 * @throws {TypeError} If a count is no number.
 * @example
 * ```ts
 * import { precision } from 'tfjs-prune/metrics'
 *
 * const counts = { truePositives: 9, falseNegatives: 1, falsePositives: 27, trueNegatives: 63 }
 * if (precision(counts) !== 0.25) throw new Error('unexpected rate')
 * ```
 */
export function precision(confusion: Confusion): number {
  return share('precision', confusion, ['truePositives'], ['falsePositives'])
}

/**
 * Share of the samples that are decided rightly.
 *
 * accuracy = (TP + TN) / n = pi (1 - FNR) + (1 - pi) (1 - FPR), with pi the share of positives.
 * Where positives are rare it hardly feels the misses: see {@link falseNegativeRate}.
 *
 * @param confusion Counts of decisions.
 * @returns A number in [0, 1]; no samples: NaN.
 * @throws {TypeError} If a count is no number.
 * @example
 * ```ts
 * import { accuracy } from 'tfjs-prune/metrics'
 *
 * const allNegative = { truePositives: 0, falseNegatives: 10, falsePositives: 0, trueNegatives: 90 }
 * if (accuracy(allNegative) !== 0.9) throw new Error('unexpected rate')
 * ```
 */
export function accuracy(confusion: Confusion): number {
  const right = ['truePositives', 'trueNegatives'] as const
  return share('accuracy', confusion, right, ['falseNegatives', 'falsePositives'])
}

type Count = keyof Confusion

/** Sum of the counts `of` over that of all the counts named. */
function share(
  rate: string,
  confusion: Confusion,
  of: readonly Count[],
  others: readonly Count[],
): number {
  const sumOf = (names: readonly Count[]) =>
    names.reduce((sum, name) => {
      const count: unknown = confusion?.[name]
      if (typeof count === 'number') return sum + count
      const got = describe(confusion && count)
      throw new TypeError(`Cannot compute ${rate}: expected a number as ${name}, got ${got}`)
    }, 0)
  const part = sumOf(of)
  return part / (part + sumOf(others))
}
