import { checkOptionNames } from '../internal/check-option-names.js'
import type { RoundReport, StoppingRule } from '../types.js'

/** Options of {@link patience}. */
export interface PatienceOptions {
  /** The value to watch. */
  readonly metric: (round: RoundReport) => number
  /** Which way is better; never guessed from a name. */
  readonly direction: 'maximise' | 'minimise'
  /** Rounds in a row without an improvement that end the pruning, at least 1. @default 1 */
  readonly rounds?: number
  /** Least change that counts as an improvement, at least 0. @default 0 */
  readonly minimumChange?: number
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
export function patience(options: PatienceOptions): StoppingRule {
  checkOptionNames(options, {
    task: 'wait for a metric',
    known: ['metric', 'direction', 'rounds', 'minimumChange'],
  })
  const { metric, direction, rounds: wait = 1, minimumChange = 0 } = options
  const refuse = (wanted: string, got: unknown) =>
    `Cannot wait for a metric: expected ${wanted}, got ${got}`
  if (typeof metric !== 'function')
    throw new TypeError(refuse('a function as metric', typeof metric))
  if (direction !== 'maximise' && direction !== 'minimise') {
    throw new RangeError(refuse("direction 'maximise' or 'minimise'", direction))
  }
  if (!(Number.isInteger(wait) && wait >= 1))
    throw new RangeError(refuse('rounds of at least 1', wait))
  if (typeof minimumChange !== 'number') {
    throw new TypeError(refuse('a number as minimumChange', typeof minimumChange))
  }
  if (!(minimumChange >= 0))
    throw new RangeError(refuse('minimumChange of at least 0', minimumChange))
  const sign = direction === 'maximise' ? 1 : -1
  return (rounds) => {
    let keep: number | undefined
    let best = Number.NEGATIVE_INFINITY
    rounds.forEach((round, index) => {
      const value = sign * metric(round)
      if (value > best + (keep === undefined ? 0 : minimumChange)) {
        best = value
        keep = index
      }
    })
    const waited = rounds.length - 1 - (keep ?? -1)
    const reason =
      keep === undefined ? 'no finite value so far' : `best value ${sign * best} in round ${keep}`
    return { stop: rounds.length > 0 && waited >= wait, reason, keep }
  }
}
