import type { OptionChecks } from '../internal/check-options.js'
import { isAtMost } from '../internal/is-at-most.js'
import { checkCount } from '../internal/option-checks.js'
import type { Evaluation, RoundReport, StoppingDecision, StoppingRule } from '../types.js'
import { checkMetric } from './check-metric.js'
import { NO_ROUND } from './no-round.js'

/** When a budget rule ends the run before its schedule does. */
export interface BudgetOptions {
  /**
   * Rounds in a row over the budget that end the run, a whole number of at least 1. A later round
   * may meet the budget again. Infinity runs all rounds of the schedule. @default Infinity
   */
  readonly stopEarly?: number
}

/** Checks of the options that all budgets share. */
export const budgetChecks: OptionChecks<BudgetOptions> = {
  stopEarly: (value, option) => {
    if (value !== Number.POSITIVE_INFINITY) checkCount(value, option)
  },
}

/** A value of a round beside its limit. */
export interface Measured {
  readonly value: number
  readonly limit: number
}

interface Budget<E> {
  /** Measures one of the rounds, of which the first is the dense one. */
  readonly measure: (round: RoundReport<E>, rounds: readonly RoundReport<E>[]) => Measured
  /** Name of the value in reasons, e.g. `false negatives`. */
  readonly what: string
  /** Name of a value of 1. @default that of all values */
  readonly one?: string | undefined
  /** The limit is the least value, not the most. */
  readonly atLeast?: boolean
  /** Why the dense round is nothing to compare with, in words: no round is feasible then. */
  readonly whyBaseless?: ((dense: RoundReport<E>) => string | undefined) | undefined
}

/**
 * The rule behind all budgets: feasible are the rounds at or below the limit, and the sparsest of
 * them is kept. The options are checked by the caller.
 */
export function withinBudget<E = Evaluation>(
  { measure, what, one = what, atLeast = false, whyBaseless }: Budget<E>,
  { stopEarly = Number.POSITIVE_INFINITY }: BudgetOptions,
): StoppingRule<E> {
  const sign = atLeast ? -1 : 1
  return (rounds): StoppingDecision => {
    if (rounds.length === 0) return { ...NO_ROUND, feasible: [] }
    const measured = rounds.map((round) => {
      const { value, limit } = measure(round, rounds)
      return { value: sign * checkMetric(value, `bound the ${what}`), limit: sign * limit }
    })
    const baseless = whyBaseless?.(rounds[0]!)
    const isFeasible = (one: Measured) => baseless === undefined && isWithin(one)
    const feasible = measured.flatMap((one, index) => (isFeasible(one) ? [index] : []))
    const inARow = measured.length - 1 - measured.findLastIndex(isFeasible)
    const keep = sparsest(rounds, feasible)
    const words = (index: number) => {
      const [value, limit] = [sign * measured[index]!.value, sign * measured[index]!.limit]
      const name = value === 1 ? one : what
      const least = atLeast ? 'least' : 'most'
      return `${format(value)} ${name} against at ${least} ${format(limit)} in round ${index}`
    }
    const none = `none of ${rounds.length} rounds is within the budget`
    const whyNone = baseless
      ? `: the dense network, which they are compared with, ${baseless}`
      : `, the nearest: ${words(nearest(measured))}`
    return {
      stop: inARow >= stopEarly,
      reason:
        keep === undefined
          ? none + whyNone
          : `${words(keep)}, the sparsest of ${feasible.length} within the budget`,
      latest: baseless ? none + whyNone : words(rounds.length - 1) + overInWords(inARow),
      keep,
      feasible,
    }
  }
}

function isWithin({ value, limit }: Measured): boolean {
  return isAtMost(value, limit)
}

/** Index of the round that is the least over its limit, the first of equals. */
function nearest(measured: readonly Measured[]): number {
  const over = measured.map(({ value, limit }) => value - limit)
  const least = Math.min(...over.filter((excess) => !Number.isNaN(excess)))
  return Math.max(over.indexOf(least), 0)
}

/**
 * The round of lowest density among `indices`, the later one at equal density; undefined when there
 * is none.
 */
export function sparsest(
  rounds: readonly RoundReport<unknown>[],
  indices: readonly number[],
): number | undefined {
  let best: number | undefined
  for (const index of indices) {
    if (best === undefined || rounds[index]!.density <= rounds[best]!.density) best = index
  }
  return best
}

function overInWords(inARow: number): string {
  if (inARow < 2) return inARow === 0 ? '' : ', over the budget'
  return `, over the budget for ${inARow} rounds in a row`
}

function format(value: number): string {
  return Number.isInteger(value) ? `${value}` : value.toPrecision(3)
}
