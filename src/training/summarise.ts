import { aucRoc } from '../metrics/auc-roc.js'
import { clopperPearson } from '../metrics/clopper-pearson.js'
import { confusionOfClasses } from '../metrics/confusion.js'
import { delongInterval } from '../metrics/delong-interval.js'
import { accuracy, falseNegativeRate, falsePositiveRate } from '../metrics/rates.js'
import type { Confusion, Evaluation, Interval } from '../types.js'
import type { LogRows } from './log-rows.js'

/** When a sample counts as positive. */
export interface Decision {
  readonly positiveClass: number
  /** Probability of the positive class; undefined: the largest output decides. */
  readonly threshold: number | undefined
}

/**
 * The evaluation of samples with these labels, whose outputs are rows of logits or
 * log-probabilities.
 */
export function summarise(
  { values, classes }: LogRows,
  labels: readonly number[],
  decision: Decision,
): Evaluation {
  const { positiveClass, threshold } = decision
  const scores = new Float64Array(labels.length)
  const predictions = new Int32Array(labels.length)
  const cut = threshold === undefined ? undefined : Math.log(threshold / (1 - threshold))
  let loss = 0
  labels.forEach((label, i) => {
    const row = values.subarray(i * classes, (i + 1) * classes)
    const others = otherClasses(row, positiveClass)
    const logOdds = row[positiveClass]! - others.logSumExp
    loss += others.logSumExp + softplus(logOdds) - row[label]!
    scores[i] = logOdds
    const isPositive = cut === undefined ? row[positiveClass]! >= others.largest : logOdds >= cut
    predictions[i] = isPositive ? positiveClass : others.place
  })
  const counts = confusionOfClasses(labels, predictions, { positiveClass })
  return {
    confusion: counts,
    falseNegativeRate: falseNegativeRate(counts),
    falsePositiveRate: falsePositiveRate(counts),
    accuracy: accuracy(counts),
    auc: aucRoc(labels, scores, { positiveClass }),
    loss: loss / labels.length,
    scores,
    labels: Int32Array.from(labels),
    predictions,
    positiveClass,
    intervals: intervalsOf(counts, delongInterval(labels, scores, { positiveClass }).interval),
  }
}

function intervalsOf(counts: Confusion, auc: Interval): NonNullable<Evaluation['intervals']> {
  const { truePositives, falseNegatives, falsePositives, trueNegatives } = counts
  return {
    falseNegativeRate: clopperPearson(falseNegatives, falseNegatives + truePositives),
    falsePositiveRate: clopperPearson(falsePositives, falsePositives + trueNegatives),
    auc,
  }
}

/**
 * The largest value, the class that has it, and log(sum(exp(values))) of a row without one class.
 */
function otherClasses(
  row: Float64Array,
  skipped: number,
): { largest: number; place: number; logSumExp: number } {
  let largest = Number.NEGATIVE_INFINITY
  let place = skipped === 0 ? 1 : 0
  for (let i = 0; i < row.length; i++) {
    if (i === skipped || !(row[i]! > largest)) continue
    largest = row[i]!
    place = i
  }
  let sum = 0
  for (let i = 0; i < row.length; i++) if (i !== skipped) sum += Math.exp(row[i]! - largest)
  return { largest, place, logSumExp: largest + Math.log(sum) }
}

/** log(1 + exp(x)) without overflow. */
function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))
}
