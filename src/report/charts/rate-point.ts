import { exactInterval } from '../../internal/exact-interval.js'
import { toldMisses } from '../../metrics/told-misses.js'
import type { Evaluation, Interval, RoundReport } from '../../types.js'

/** A rate of one round: misses among the positives, or false alarms among the negatives. */
export interface RatePoint {
  readonly round: number
  /** Kept share of the prunable weights. */
  readonly density: number
  /** In [0, 1]. */
  readonly rate: number
  /** Samples that count, and those that could; undefined where the evaluation tells the rate alone. */
  readonly count?: number
  readonly of?: number
  /** Two-sided 95 % interval of the rate, exact; undefined without counts. */
  readonly interval?: Interval
}

/** Which rate a chart is about. */
export interface RateSide {
  readonly task: string
  readonly side: 'misses' | 'falseAlarms'
  /** Misses where this share of the negatives is taken for positives. */
  readonly atFalsePositiveRate?: number | undefined
}

const ERROR = 0.025 // on each side

/** The rate of a round; undefined where its evaluation does not tell it, or it is not defined. */
export function ratePoint(report: RoundReport<object>, rate: RateSide): RatePoint | undefined {
  const evaluation = (report.evaluation ?? {}) as Partial<Evaluation>
  const told = rate.atFalsePositiveRate === undefined ? own(evaluation, rate) : at(evaluation, rate)
  if (!told || !Number.isFinite(told.rate)) return undefined
  const { round, density } = report
  return { round, density, ...told }
}

type Told = Pick<RatePoint, 'rate' | 'count' | 'of' | 'interval'>

/** At the boundary of the model itself. */
function own(evaluation: Partial<Evaluation>, { side }: RateSide): Told | undefined {
  const { confusion, falseNegativeRate, falsePositiveRate } = evaluation
  const rate = side === 'misses' ? falseNegativeRate : falsePositiveRate
  if (!confusion) return typeof rate === 'number' ? { rate } : undefined
  const { truePositives, falseNegatives, falsePositives, trueNegatives } = confusion
  return side === 'misses'
    ? counted(falseNegatives, falseNegatives + truePositives)
    : counted(falsePositives, falsePositives + trueNegatives)
}

/** At a fixed rate of false alarms. */
function at(evaluation: Partial<Evaluation>, { atFalsePositiveRate, task }: RateSide) {
  const misses = toldMisses(evaluation, { falsePositiveRate: atFalsePositiveRate!, task })
  if (!misses || typeof misses.falseNegativeRate !== 'number') return undefined
  const { confusion } = evaluation
  if (!confusion) return { rate: misses.falseNegativeRate }
  return counted(misses.falseNegatives, confusion.truePositives + confusion.falseNegatives)
}

/** Counts that are not whole have the bounds of the whole ones around them. */
function counted(count: number, of: number): Told {
  const lower = exactInterval(Math.floor(count), of, ERROR).lower
  const upper = exactInterval(Math.ceil(count), of, ERROR).upper
  return { rate: count / of, count, of, interval: { lower, upper } }
}
