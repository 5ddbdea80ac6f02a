import { checkIndex } from '../internal/option-checks.js'
import { smallestProvableRate } from '../internal/provable-rate.js'
import { checkInside } from '../internal/rate-checks.js'
import type { RoundReport, StoppingRule } from '../types.js'
import { type BudgetOptions, withinBudget } from './within-budget.js'

/** How sure a bound is, and of which class. */
export interface BoundOptions extends BudgetOptions {
  /**
   * Probability in (0, 1) that the bound of one round holds for new samples; the choice among
   * several rounds is not paid for.
   *
   * @default 0.95
   */
  readonly confidence?: number
  /** Class whose samples must not be missed. @default the positive class of the evaluation */
  readonly class?: number
}

/** Names of the options that all bounds share. */
export const boundOptions = [
  'confidence',
  'class',
  'stopAfter',
] as const satisfies readonly (keyof BoundOptions)[]

/** Throws unless confidence is in (0, 1) and the class is an index. */
export function checkBound(
  { confidence = 0.95, class: wanted = 0 }: BoundOptions,
  task: string,
): void {
  checkInside(confidence, { task, name: 'confidence' })
  checkIndex(wanted, { task, name: 'class' })
}

interface Bounded {
  readonly measure: (
    round: RoundReport,
    rounds: readonly RoundReport[],
  ) => { value: number; limit: number }
  readonly what: string
  /** What the last round's decision stood on. */
  readonly footing: (round: RoundReport, rounds: readonly RoundReport[]) => string
}

/** A budget whose reasons also tell what the decision stood on. */
export function withinBound(
  { measure, what, footing }: Bounded,
  options: BudgetOptions,
): StoppingRule {
  const rule = withinBudget({ measure, what }, options)
  return (rounds) => {
    const decision = rule(rounds)
    const last = rounds.at(-1)
    return last ? { ...decision, reason: `${decision.reason}; ${footing(last, rounds)}` } : decision
  }
}

/** How many positives there were, and the smallest bound that they could prove. */
export function provable(positives: number, confidence: number): string {
  if (positives === 0) return 'no positives, which prove no bound'
  const rate = smallestProvableRate(positives, 1 - confidence)
  return `${positives} positives, which without a miss prove ${rate.toPrecision(3)} at confidence ${confidence}`
}
