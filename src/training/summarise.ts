import { aucInterval } from '../internal/auc-interval.js'
import { exactInterval } from '../internal/exact-interval.js'
import { type SortedSides, sortedSides } from '../internal/metric-sides.js'
import { hasFewLostPairs, scoreInterval } from '../internal/score-interval.js'
import { softplus } from '../internal/softplus.js'
import { countDecisions } from '../metrics/confusion.js'
import { missesAt } from '../metrics/misses-at.js'
import type { Interval, SampleEvaluation } from '../types.js'
import type { LogRows } from './log-rows.js'

/** The intervals hold what they bound with probability 0.95. */
const ERROR = 1 - 0.95
/** The normal quantile of 1 - ERROR / 2, which a constant gives without the code for others. */
const DEVIATIONS = 1.9599639845400538

/** When a sample counts as positive. */
export interface Decision {
  readonly positiveClass: number
  /** Probability of the positive class, or its log-odds; undefined: the largest output decides. */
  readonly threshold: number | { readonly logOdds: number } | undefined
  /** Rates at which the misses are told beside those of the decision. */
  readonly falsePositiveRates: readonly number[]
}

/**
 * The evaluation of samples with these labels, whose outputs are rows of logits or
 * log-probabilities.
 */
export function summarise(
  { values, classes, output }: LogRows,
  labels: readonly number[],
  decision: Decision,
): SampleEvaluation {
  const { positiveClass, threshold, falsePositiveRates } = decision
  const scores = new Float64Array(labels.length)
  const predictions = new Int32Array(labels.length)
  let loss = 0
  labels.forEach((label, i) => {
    const row = values.subarray(i * classes, (i + 1) * classes)
    const others = otherClasses(row, positiveClass)
    const logOdds = row[positiveClass]! - others.logSumExp
    loss += others.logSumExp + softplus(logOdds) - row[label]!
    scores[i] = logOdds
    const isPositive = reaches(threshold, {
      ...{ logOdds, output },
      ...{ own: row[positiveClass]!, other: others.largest },
    })
    predictions[i] = isPositive ? positiveClass : others.place
  })
  const counts = countDecisions(labels, positiveClass, (i) => predictions[i] === positiveClass)
  const { truePositives, falseNegatives, falsePositives, trueNegatives } = counts
  const sides = sortedSides(labels, scores, { task: 'evaluate', positiveClass })
  const { auc, interval } = areaOf(sides)
  const [missed, alarmed] = [
    rateOf(falseNegatives, truePositives),
    rateOf(falsePositives, trueNegatives),
  ]
  return {
    confusion: counts,
    falseNegativeRate: missed.rate,
    falsePositiveRate: alarmed.rate,
    accuracy: (truePositives + trueNegatives) / labels.length,
    auc,
    loss: loss / labels.length,
    scores,
    labels: Int32Array.from(labels),
    predictions,
    positiveClass,
    atFalsePositiveRates: falsePositiveRates.map((rate) => missesAt(sides, rate)),
    intervals: {
      falseNegativeRate: missed.interval,
      falsePositiveRate: alarmed.interval,
      auc: interval,
    },
  }
}

/** The area, with the interval that its samples ask for. */
function areaOf({ positives, negatives }: SortedSides): { auc: number; interval: Interval } {
  const area = aucInterval({ positives, negatives }, { error: ERROR, deviations: DEVIATIONS })
  const sides = { positives: positives.length, negatives: negatives.length }
  if (!hasFewLostPairs(area.auc, sides)) return area
  return { ...area, interval: scoreInterval(area, { ...sides, deviations: DEVIATIONS }) }
}

interface Scored {
  readonly output: LogRows['output']
  readonly logOdds: number
  /** Logit or log-probability of the positive class, and the largest of the others. */
  readonly own: number
  readonly other: number
}

/** Whether a sample counts as positive; one whose own probability is the threshold does. */
function reaches(
  threshold: Decision['threshold'],
  { output, logOdds, own, other }: Scored,
): boolean {
  if (threshold === undefined) return own >= other
  if (typeof threshold === 'object') return logOdds >= threshold.logOdds
  return output === 'logits'
    ? 1 / (1 + Math.exp(-logOdds)) >= threshold
    : own >= Math.log(threshold)
}

/** The share of `count` among both, and its interval. */
function rateOf(count: number, others: number): { rate: number; interval: Interval } {
  const all = count + others
  return { rate: count / all, interval: exactInterval(count, all, ERROR / 2) }
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
