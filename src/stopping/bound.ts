import type { OptionChecks } from '../internal/check-options.js'
import { checkIndex } from '../internal/option-checks.js'
import { smallestProvableRate } from '../internal/provable-rate.js'
import { checkInside } from '../internal/rate-checks.js'
import type { RoundReport, StoppingRule } from '../types.js'
import { type BudgetOptions, budgetChecks, type Measured, withinBudget } from './within-budget.js'

/** Options of the rules that judge a round by an exact upper bound. */
export interface BoundOptions extends BudgetOptions {
  /**
   * Probability in (0, 1) that the bound of one round holds for new samples; the choice among
   * several rounds is not paid for.
   *
   * @default 0.95
   */
  readonly confidence?: number
  /** Class whose samples must not be missed. @default the positive class of the evaluation */
  readonly positiveClass?: number
}

/** Checks of the options that all bounds share. */
export const boundChecks: OptionChecks<BoundOptions> = {
  ...budgetChecks,
  confidence: checkInside,
  positiveClass: checkIndex,
}

interface Bounded {
  readonly measure: (round: RoundReport, rounds: readonly RoundReport[]) => Measured
  readonly what: string
  /** Name of a value of 1. @default that of all values */
  readonly one?: string
  /** The samples that the decision on a round stands on, in words. */
  readonly footing: (round: RoundReport, rounds: readonly RoundReport[]) => string
  /** Why the dense round is nothing to compare with, in words. */
  readonly whyBaseless?: (dense: RoundReport) => string | undefined
}

/** A budget whose reasons also say which samples the decision stands on. */
export function withinBound(
  { measure, what, one, footing, whyBaseless }: Bounded,
  options: BudgetOptions,
): StoppingRule {
  const rule = withinBudget({ measure, what, one, whyBaseless }, options)
  return (rounds) => {
    const { reason, latest, keep, ...decision } = rule(rounds)
    const last = rounds.at(-1)
    if (!last) return { ...decision, reason, keep }
    const kept = keep === undefined ? last : rounds[keep]!
    return {
      ...decision,
      reason: `${reason}; ${footing(kept, rounds)}`,
      latest: `${latest}; ${footing(last, rounds)}`,
      keep,
    }
  }
}

/** How many positives there were, and the smallest bound that they could prove. */
export function provable(positives: number, confidence: number): string {
  if (positives === 0) return 'no positives, which prove no bound'
  const rate = smallestProvableRate(positives, 1 - confidence)
  return `${positives} positives, which without a miss prove ${rate.toPrecision(3)} at confidence ${confidence}`
}
