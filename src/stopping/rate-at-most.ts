import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { checkNumber, numberThat } from '../internal/option-checks.js'
import type { Evaluation, RoundReport, StoppingRule } from '../types.js'
import { noBetterThanLot } from './no-better-than-lot.js'
import { type BudgetOptions, budgetChecks, withinBudget } from './within-budget.js'

/** A bound relative to the dense network of round 0. */
export interface RelativeRate {
  /** Factor on the dense level's rate, at least 0: 1.1 allows a tenth more. @default 1 */
  readonly factor?: number
  /** Added to it, in units of the rate: 0.02 allows two points more. @default 0 */
  readonly slack?: number
}

const relativeChecks: OptionChecks<RelativeRate> = {
  factor: numberThat('at least 0', (factor) => factor >= 0),
  slack: numberThat('in [-1, 1]', (slack) => slack >= -1 && slack <= 1),
}

interface Bounded {
  /** Name of the rate in messages, e.g. `false-negative rate`. */
  readonly what: string
  readonly of: (evaluation: Evaluation) => number
}

/** The rule behind all bounds on rates: rate <= bound, or <= rate(dense) * factor + slack. */
export function rateAtMost(
  rate: number | RelativeRate,
  options: BudgetOptions,
  { what, of }: Bounded,
): StoppingRule {
  const task = `bound the ${what}`
  checkOptions(options, { task, checks: budgetChecks })
  const limitOf = typeof rate === 'number' ? absolute(rate, task) : relative(rate, task)
  const measure = ({ evaluation }: RoundReport, rounds: readonly RoundReport[]) => {
    return { value: of(evaluation), limit: limitOf(of(rounds[0]!.evaluation)) }
  }
  const isRelative = typeof rate !== 'number' && rate.factor !== 0
  const whyBaseless = ({ evaluation }: RoundReport) => noBetterThanLot(evaluation)
  return withinBudget({ measure, what, ...(isRelative && { whyBaseless }) }, options)
}

type LimitOf = (dense: number) => number

function absolute(rate: number, task: string): LimitOf {
  const accepts = (value: number) => value >= 0 && value <= 1
  checkNumber(rate, { task, name: 'rate', wanted: 'in [0, 1]', accepts })
  return () => rate
}

function relative(rate: RelativeRate, task: string): LimitOf {
  checkOptions(rate, { task, checks: relativeChecks })
  const { factor = 1, slack = 0 } = rate
  return (dense) => dense * factor + slack
}
