import { checkFunction } from '../internal/check-function.js'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { isAtMost } from '../internal/is-at-most.js'
import { checkCount, numberThat, oneOf, required } from '../internal/option-checks.js'
import type { Evaluation, RoundReport, StoppingRule } from '../types.js'
import { checkMetric } from './check-metric.js'
import { NO_ROUND } from './no-round.js'
import { tellRule } from './tell-rule.js'

/** Options of {@link patience}. */
export interface PatienceOptions<E = Evaluation> {
  /** The value to watch. */
  readonly metric: (round: RoundReport<E>) => number
  /** Which way is better; never guessed from a name. */
  readonly direction: 'maximise' | 'minimise'
  /** Rounds in a row without an improvement that end the pruning, at least 1. @default 1 */
  readonly rounds?: number
  /** Least change that counts as an improvement, at least 0. @default 0 */
  readonly minimumChange?: number
}

const task = 'wait for a metric'
const checks: OptionChecks<PatienceOptions> = {
  metric: required(checkFunction),
  direction: required(oneOf('maximise', 'minimise')),
  rounds: checkCount,
  minimumChange: numberThat('at least 0', (change) => change >= 0),
}

/**
 * Stops when a metric has not improved for some rounds, and keeps the best round by that metric.
 *
 * A NaN never counts as an improvement.
 *
 * @param options Metric, direction and patience.
 * @returns A stopping rule that accepts every round; without any finite value it keeps none.
 * @throws {TypeError} If the metric is no function.
 * @throws {RangeError} If the direction is unknown, `rounds` is below 1 or `minimumChange` below 0.
 *
 * @example
 * ```ts
 * import { patience } from 'tfjs-prune'
 *
 * const rule = patience({ metric: ({ evaluation }) => evaluation.auc, direction: 'maximise', rounds: 2 })
 * if (rule([]).stop) throw new Error('no round is finished')
 * ```
 */
export function patience<E = Evaluation>(options: PatienceOptions<E>): StoppingRule<E> {
  checkOptions(options, { task, checks: checks as OptionChecks<PatienceOptions<E>> })
  const { metric, direction, rounds: wait = 1, minimumChange = 0 } = options
  const sign = direction === 'maximise' ? 1 : -1
  return tellRule(
    (rounds) => {
      if (rounds.length === 0) return NO_ROUND
      let keep: number | undefined
      let best = Number.NEGATIVE_INFINITY
      rounds.forEach((round, index) => {
        const value = sign * checkMetric(metric(round), task)
        const change = value - best
        if (change > 0 && (keep === undefined || isAtMost(minimumChange, change))) {
          best = value
          keep = index
        }
      })
      const waited = rounds.length - 1 - (keep ?? -1)
      const reason =
        keep === undefined ? 'no finite value so far' : `best value ${sign * best} in round ${keep}`
      const latest = `${waited} of ${wait} rounds without an improvement`
      return { stop: waited >= wait, reason, latest, keep }
    },
    ['patience', options],
  )
}
