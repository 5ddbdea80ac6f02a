import { listOf } from '../../metrics/told-misses.js'
import type { Evaluation, NumberArray, RoundReport } from '../../types.js'
import { type ChartedRun, oneRun } from './charted-run.js'
import { listed } from './in-words.js'

/** The scores of one round. */
export interface ScoredRound {
  readonly round: number
  readonly density: number
  readonly labels: NumberArray
  readonly scores: NumberArray
  readonly positiveClass: number
  readonly evaluation: Partial<Evaluation>
}

/** Rounds whose scores can be drawn, and those that are left out, in words. */
export interface ScoredRounds {
  readonly run: ChartedRun
  readonly rounds: readonly ScoredRound[]
  readonly leftOut: readonly string[]
}

/**
 * The rounds of a run that have scores of positives and of negatives. Throws unless one has.
 */
export function scoredRounds(
  charted: ChartedRun | readonly RoundReport<object>[],
  task: string,
): ScoredRounds {
  const run = oneRun(charted, task)
  const told = run.rounds.map((report) => ({ report, scored: scoredRound(report) }))
  const rounds = told.flatMap(({ scored }) => (typeof scored === 'string' ? [] : [scored]))
  const missing = told.flatMap(({ report, scored }) =>
    typeof scored === 'string' ? [`round ${report.round} (${scored})`] : [],
  )
  if (rounds.length === 0) {
    const wanted = 'evaluations with scores of positives and negatives'
    throw new RangeError(`Cannot ${task}: expected ${wanted}, got ${listed(missing)}`)
  }
  return { run, rounds, leftOut: missing }
}

/** The scores of a round, or the reason why there are none. */
function scoredRound({ round, density, evaluation }: RoundReport<object>): ScoredRound | string {
  const told = (evaluation ?? {}) as Partial<Evaluation>
  const { positiveClass } = told
  if (!told.labels || !told.scores || positiveClass === undefined) return 'no scores are stored'
  const [labels, scores] = [listOf(told.labels), listOf(told.scores)]
  if (labels.length !== scores.length) return 'labels and scores differ in number'
  const isNumber = (value: unknown) => typeof value === 'number' && !Number.isNaN(value)
  if (!Array.prototype.every.call(scores, isNumber)) return 'a score is NaN'
  const positives = Array.prototype.filter.call(labels, (label) => label === positiveClass).length
  if (positives === 0) return 'no positives'
  if (positives === labels.length) return 'no negatives'
  return { round, density, labels, scores, positiveClass, evaluation: told }
}
