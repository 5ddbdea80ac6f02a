import type { Outcomes } from './outcomes.js'

/** A network as the audit looks at it. */
export interface AuditedNetwork {
  readonly labels: ArrayLike<number>
  readonly predictions: ArrayLike<number>
  /** Probability of each class per sample; undefined for classes whose scores are not told. */
  readonly probabilities: readonly (Float64Array | undefined)[]
  /**
   * Distance of each sample to the boundary, in log-odds: |log-odds - threshold| where there is a
   * threshold, or else between the two largest log-probabilities. Undefined without scores.
   */
  readonly distances: Float64Array | undefined
}

/** Probabilities and distances of a network, from its logits or its scores. */
export function auditedNetwork(outcomes: Outcomes, classes: number): AuditedNetwork {
  const { labels, predictions, scores, positiveClass } = outcomes
  const rows = logitRows(outcomes)
  if (rows) {
    const probabilities = softmaxColumns(rows, classes)
    return { labels, predictions, probabilities, distances: distancesOf(rows, outcomes) }
  }
  const probabilities = new Array<Float64Array | undefined>(classes).fill(undefined)
  if (!scores || positiveClass === undefined)
    return { labels, predictions, probabilities, distances: undefined }
  const { threshold = 0 } = outcomes
  probabilities[positiveClass] = Float64Array.from(scores, (score) => 1 / (1 + Math.exp(-score)))
  if (classes === 2)
    probabilities[1 - positiveClass] = Float64Array.from(
      scores,
      (score) => 1 / (1 + Math.exp(score)),
    )
  const distances = Float64Array.from(scores, (score) => Math.abs(score - threshold))
  return { labels, predictions, probabilities, distances }
}

interface Rows {
  readonly values: ArrayLike<number>
  readonly columns: number
  readonly samples: number
}

function logitRows({ logits, labels }: Outcomes): Rows | undefined {
  if (!logits) return undefined
  return { values: logits, columns: logits.length / labels.length, samples: labels.length }
}

function softmaxColumns({ values, columns, samples }: Rows, classes: number): Float64Array[] {
  const probabilities = Array.from({ length: classes }, () => new Float64Array(samples))
  for (let i = 0; i < samples; i++) {
    const largest = largestOf(values, { begin: i * columns, columns }).value
    let sum = 0
    for (let c = 0; c < columns; c++) sum += Math.exp(values[i * columns + c]! - largest)
    for (let c = 0; c < columns; c++)
      probabilities[c]![i] = Math.exp(values[i * columns + c]! - largest) / sum
  }
  return probabilities
}

function distancesOf({ values, columns, samples }: Rows, { positiveClass, threshold }: Outcomes) {
  return Float64Array.from({ length: samples }, (_, i) => {
    const row = { begin: i * columns, columns }
    if (threshold === undefined || positiveClass === undefined) {
      const { value, place } = largestOf(values, row)
      return value - largestOf(values, { ...row, skipped: place }).value
    }
    const { value } = largestOf(values, { ...row, skipped: positiveClass })
    let others = 0
    for (let c = 0; c < columns; c++)
      if (c !== positiveClass) others += Math.exp(values[row.begin + c]! - value)
    return Math.abs(values[row.begin + positiveClass]! - value - Math.log(others) - threshold)
  })
}

interface Row {
  readonly begin: number
  readonly columns: number
  readonly skipped?: number
}

function largestOf(values: ArrayLike<number>, { begin, columns, skipped }: Row) {
  let [value, place] = [Number.NEGATIVE_INFINITY, -1]
  for (let c = 0; c < columns; c++) {
    if (c === skipped || !(values[begin + c]! > value)) continue
    value = values[begin + c]!
    place = c
  }
  return { value, place }
}
