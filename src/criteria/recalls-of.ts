import type { Evaluation } from '../types.js'

/**
 * Recall of each class by its index: of labels and predictions where an evaluation has them, of its
 * two rates otherwise, of classes 0 and 1 with a positive class among them. NaN for a class without
 * samples; empty where the evaluation tells neither.
 */
export function recallsOf(evaluation: Evaluation): number[] {
  const { labels, predictions, positiveClass } = evaluation
  if (labels && predictions) return recallByLabel(labels, predictions)
  const { falseNegativeRate, falsePositiveRate } = evaluation
  if (positiveClass === 1) return [1 - falsePositiveRate, 1 - falseNegativeRate]
  if (positiveClass === 0) return [1 - falseNegativeRate, 1 - falsePositiveRate]
  return []
}

function recallByLabel(labels: Int32Array, predictions: Int32Array): number[] {
  const classes = labels.reduce((highest, label) => Math.max(highest, label), 0) + 1
  const [samples, found] = [new Float64Array(classes), new Float64Array(classes)]
  labels.forEach((label, i) => {
    samples[label]!++
    if (predictions[i] === label) found[label]!++
  })
  return Array.from(found, (count, index) => count / samples[index]!)
}
