import type { RoundReport, StoppingDecision, StoppingRule } from '../types.js'

/** How long a budget rule goes on after the budget was exceeded. */
export interface BudgetOptions {
  /**
   * Rounds in a row over the budget that end the pruning: 1 stops at the first, Infinity goes
   * through the whole schedule, since a later round may meet the budget again. @default 1
   */
  readonly stopAfter?: number
}

interface Budget {
  /** Value of a round and its limit. */
  readonly measure: (
    round: RoundReport,
    rounds: readonly RoundReport[],
  ) => { value: number; limit: number }
  /** Name of the value in reasons, e.g. `false negatives`. */
  readonly what: string
}

/**
 * The rule behind all budgets: feasible are the rounds at or below the limit, and the sparsest of
 * them is kept.
 */
export function withinBudget(
  { measure, what }: Budget,
  { stopAfter = 1 }: BudgetOptions,
): StoppingRule {
  if (
    !(stopAfter === Number.POSITIVE_INFINITY || (Number.isInteger(stopAfter) && stopAfter >= 1))
  ) {
    throw new RangeError(
      `Cannot make a stopping rule: expected stopAfter of at least 1, got ${stopAfter}`,
    )
  }
  return (rounds): StoppingDecision => {
    const over = rounds.map((round) => {
      const { value, limit } = measure(round, rounds)
      return {
        over: !(value <= limit),
        text: `${format(value)} ${what} against at most ${format(limit)}`,
      }
    })
    const feasible = over.flatMap((round, index) => (round.over ? [] : [index]))
    const inARow = over.length - 1 - over.findLastIndex((round) => !round.over)
    const last = over.at(-1)
    const reason = last ? `${last.text} in round ${over.length - 1}` : 'no round is finished'
    return {
      stop: over.length > 0 && inARow >= stopAfter,
      reason,
      keep: sparsest(rounds, feasible),
      feasible,
    }
  }
}

/**
 * The round of lowest density among `indices`, the later one at equal density; undefined when there
 * is none.
 */
export function sparsest(
  rounds: readonly RoundReport[],
  indices: readonly number[],
): number | undefined {
  let best: number | undefined
  for (const index of indices) {
    if (best === undefined || rounds[index]!.density <= rounds[best]!.density) best = index
  }
  return best
}

function format(value: number): string {
  return Number.isInteger(value) ? `${value}` : value.toPrecision(3)
}
