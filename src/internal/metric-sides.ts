import type { NumberArray } from '../types.js'
import { checkSamples, checkScores } from './metric-checks.js'

/** The scores of the positive and of the negative samples, each in ascending order. */
export interface SortedSides {
  readonly positives: Float64Array
  readonly negatives: Float64Array
}

/** Checks the samples and sorts the scores of each side, in O(n log n). */
export function sortedSides(
  labels: NumberArray,
  scores: NumberArray,
  { task, positiveClass }: { task: string; positiveClass: number },
): SortedSides {
  checkSamples(labels, scores, { task, name: 'scores', positiveClass })
  checkScores(scores, task)
  const values = new Float64Array(labels.length) // positives from the front, negatives from the back
  let front = 0
  let back = labels.length
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] === positiveClass) values[front++] = scores[i]!
    else values[--back] = scores[i]!
  }
  return { positives: values.subarray(0, front).sort(), negatives: values.subarray(front).sort() }
}
