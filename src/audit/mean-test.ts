import type { Interval } from '../types.js'
import { studentPValue, studentQuantile } from './student-t.js'

/** A mean over networks, with Student's interval and the p-value of a mean of 0. */
interface MeanTest {
  readonly mean: number
  /** Null for a single value. */
  readonly interval: Interval | null
  /** Null for a single value, and where all are the same and not 0. */
  readonly pValue: number | null
}

/** The mean of at least one value, the interval of it, and its two-sided test against 0. */
export function meanTest(values: readonly number[], confidence: number): MeanTest {
  const { mean, varianceOfMean } = momentsOf(values)
  if (values.length < 2) return { mean, interval: null, pValue: null }
  const error = Math.sqrt(varianceOfMean)
  const freedom = values.length - 1
  const half = studentQuantile(confidence, freedom) * error
  const alike = mean === 0 ? 1 : null
  return {
    mean,
    interval: { lower: mean - half, upper: mean + half },
    pValue: error === 0 ? alike : studentPValue(mean / error, freedom),
  }
}

/** The mean, and the variance of it: the sample variance over n; values that are alike have none. */
export function momentsOf(values: readonly number[]): { mean: number; varianceOfMean: number } {
  const n = values.length
  if (values.every((value) => value === values[0])) return { mean: values[0]!, varianceOfMean: 0 }
  const mean = values.reduce((sum, value) => sum + value, 0) / n
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, varianceOfMean: squares / (n - 1) / n }
}
