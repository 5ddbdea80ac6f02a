import { momentsOf } from './mean-test.js'
import { studentPValue } from './student-t.js'

/** Welch's t-test of two means. */
export interface WelchTest {
  /** The mean of the second sample less that of the first, over its standard error. */
  readonly statistic: number | null
  /** Degrees of freedom after Welch and Satterthwaite; not whole. */
  readonly degreesOfFreedom: number | null
  /** Two-sided; null where neither side varies and the means differ. */
  readonly pValue: number | null
}

/**
 * Welch's t-test of two samples of at least two values each, whose variances may differ.
 *
 * @see Welch: The generalization of Student's problem when several different population variances
 *   are involved. Biometrika 1947.
 */
export function welchTest(first: readonly number[], second: readonly number[]): WelchTest {
  const [a, b] = [momentsOf(first), momentsOf(second)]
  const variance = a.varianceOfMean + b.varianceOfMean
  if (variance === 0)
    return { statistic: null, degreesOfFreedom: null, pValue: a.mean === b.mean ? 1 : null }
  const statistic = (b.mean - a.mean) / Math.sqrt(variance)
  const parts =
    a.varianceOfMean ** 2 / (first.length - 1) + b.varianceOfMean ** 2 / (second.length - 1)
  const degreesOfFreedom = variance ** 2 / parts
  return { statistic, degreesOfFreedom, pValue: studentPValue(statistic, degreesOfFreedom) }
}
