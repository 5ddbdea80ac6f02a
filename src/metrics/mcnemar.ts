import { binomialCdf, binomialTail } from '../internal/binomial.js'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { checkIndex, oneOf } from '../internal/option-checks.js'
import type { NumberArray } from '../types.js'
import { checkPredictions } from './predictions.js'

/** Options of {@link mcnemar} and {@link mcnemarOfPredictions}. */
export interface McnemarOptions {
  /**
   * The claim that a small p supports: the models differ, the first is right more often
   * (`greater`), or it is right less often (`less`).
   *
   * @default 'two-sided'
   */
  readonly alternative?: 'two-sided' | 'greater' | 'less'
}

const checks: OptionChecks<McnemarOptions> = {
  alternative: oneOf('two-sided', 'greater', 'less'),
}

/** The outcome of {@link mcnemarOfPredictions}. */
export interface McnemarTest {
  /** Samples that only the first model gets right. */
  readonly onlyFirst: number
  /** Samples that only the second model gets right. */
  readonly onlySecond: number
  /**
   * Probability, if both were right equally often, of counts at least as unlike as these, in (0,
   * 1].
   */
  readonly pValue: number
}

/**
 * Exact McNemar test of two models on the same samples, from the two counts on which they differ.
 *
 * X ~ Bin(onlyFirst + onlySecond, 1/2). greater: P(X >= onlyFirst), less: P(X <= onlyFirst),
 * two-sided: twice the smaller of the two, at most 1. Samples that both get right or both get wrong
 * tell nothing.
 *
 * @param onlyFirst Number of samples that only the first model gets right.
 * @param onlySecond Number of samples that only the second model gets right.
 * @param options The alternative.
 * @returns The p-value, in (0, 1]; no differing samples: 1.
 * @throws {TypeError} If a count is not a number.
 * @throws {RangeError} If a count is not whole or negative, or `alternative` is unknown.
 * @example
 * ```ts
 * import { mcnemar } from 'tfjs-prune/metrics'
 *
 * const pValue = mcnemar(3, 0) // 10 misses became 7, at best
 * if (Math.abs(pValue - 0.25) > 1e-12) throw new Error('three samples prove nothing')
 * ```
 * @see McNemar: Note on the sampling error of the difference between correlated proportions.
 *   Psychometrika 1947.
 */
export function mcnemar(
  onlyFirst: number,
  onlySecond: number,
  options: McnemarOptions = {},
): number {
  const task = 'compute mcnemar'
  checkOptions(options, { task, checks })
  const { alternative = 'two-sided' } = options
  checkIndex(onlyFirst, { task, name: 'onlyFirst' })
  checkIndex(onlySecond, { task, name: 'onlySecond' })
  const differing = onlyFirst + onlySecond
  if (alternative === 'greater') return binomialTail(onlyFirst, differing, 0.5)
  if (alternative === 'less') return binomialCdf(onlyFirst, differing, 0.5)
  return Math.min(1, 2 * binomialCdf(Math.min(onlyFirst, onlySecond), differing, 0.5))
}

/**
 * Exact McNemar test of two models on the same samples, from their predictions; {@link mcnemar}
 * takes the counts.
 *
 * @param labels Class index of each sample.
 * @param first Class that the first model predicts for each sample.
 * @param second Class that the second model predicts for each sample.
 * @param options The alternative.
 * @returns The two counts on which the models differ, and the p-value.
 * @throws {TypeError} If the lengths differ, or something is not a number.
 * @throws {RangeError} If there is no sample, a label or prediction is no class index, or
 *   `alternative` is unknown.
 * @example
 * ```ts
 * import { mcnemarOfPredictions } from 'tfjs-prune/metrics'
 *
 * const { onlyFirst, onlySecond, pValue } = mcnemarOfPredictions([0, 1, 2, 2], [0, 1, 2, 1], [0, 0, 1, 2])
 * if (onlyFirst !== 2 || onlySecond !== 1 || pValue !== 1) throw new Error('unexpected test')
 * ```
 */
export function mcnemarOfPredictions(
  labels: NumberArray,
  first: NumberArray,
  second: NumberArray,
  options: McnemarOptions = {},
): McnemarTest {
  const task = 'compute mcnemarOfPredictions'
  checkOptions(options, { task, checks })
  checkPredictions(labels, { first, second }, { task })
  let [onlyFirst, onlySecond] = [0, 0]
  for (let i = 0; i < labels.length; i++) {
    const [isFirst, isSecond] = [first[i] === labels[i], second[i] === labels[i]]
    if (isFirst && !isSecond) onlyFirst++
    if (isSecond && !isFirst) onlySecond++
  }
  return { onlyFirst, onlySecond, pValue: mcnemar(onlyFirst, onlySecond, options) }
}
