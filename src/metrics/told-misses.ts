import { sortedSides } from '../internal/metric-sides.js'
import type { Evaluation, MissesAtRate, NumberArray } from '../types.js'
import { missesAt } from './misses-at.js'

/**
 * The misses of an evaluation at a fixed false-positive rate: those that it tells, or else by its
 * scores; undefined where it has neither.
 */
export function toldMisses(
  evaluation: Partial<Evaluation>,
  { falsePositiveRate, task }: { falsePositiveRate: number; task: string },
): MissesAtRate | undefined {
  const { atFalsePositiveRates = [], labels, scores, positiveClass } = evaluation
  const told = atFalsePositiveRates.find((one) => one.falsePositiveRate === falsePositiveRate)
  if (told || !labels || !scores || positiveClass === undefined) return told
  const sides = sortedSides(listOf(labels), listOf(scores), { task, positiveClass })
  return missesAt(sides, falsePositiveRate)
}

/** The numbers of a list that may have been stored as JSON, which makes an object of a typed array. */
export function listOf(values: NumberArray): NumberArray {
  return 'length' in values ? values : Object.values<number>(values)
}
