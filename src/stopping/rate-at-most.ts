import { checkOptionNames } from '../internal/check-option-names.js'
import type { Evaluation, RoundReport, StoppingRule } from '../types.js'
import { type BudgetOptions, withinBudget } from './within-budget.js'

/** A bound relative to the dense network of round 0. */
export interface RelativeRate {
  /** Factor on the dense level's rate, at least 0: 1.1 allows a tenth more. @default 1 */
  readonly factor?: number
  /** Added to it, in units of the rate: 0.02 allows two points more. @default 0 */
  readonly margin?: number
}

interface Bounded {
  /** Name of the rate in messages, e.g. `false-negative rate`. */
  readonly what: string
  readonly of: (evaluation: Evaluation) => number
}

/** The rule behind all bounds on rates: rate <= bound, or <= rate(dense) * factor + margin. */
export function rateAtMost(rate: number | RelativeRate, options: BudgetOptions, { what, of }: Bounded): StoppingRule {
  const task = `bound the ${what}`
  checkOptionNames(options, { task, known: ['stopAfter'] })
  if (typeof rate !== 'number') {
    checkOptionNames(rate, { task, known: ['factor', 'margin'] })
    for (const [name, value = 0] of Object.entries(rate)) {
      if (typeof value !== 'number') {
        throw new TypeError(`Cannot ${task}: expected a number as ${name}, got ${typeof value}`)
      }
    }
  }
  const limitOf = typeof rate === 'number' ? absolute(rate, task) : relative(rate, task)
  const measure = ({ evaluation }: RoundReport, rounds: readonly RoundReport[]) => {
    return { value: of(evaluation), limit: limitOf(of(rounds[0]!.evaluation)) }
  }
  return withinBudget({ measure, what }, options)
}

type LimitOf = (dense: number) => number

function absolute(rate: number, task: string): LimitOf {
  if (!(rate >= 0 && rate <= 1)) throw new RangeError(`Cannot ${task}: expected a rate in [0, 1], got ${rate}`)
  return () => rate
}

function relative({ factor = 1, margin = 0 }: RelativeRate, task: string): LimitOf {
  if (!(factor >= 0)) throw new RangeError(`Cannot ${task}: expected a factor of at least 0, got ${factor}`)
  if (!(margin >= -1 && margin <= 1)) {
    throw new RangeError(`Cannot ${task}: expected a margin in [-1, 1], got ${margin}`)
  }
  return (dense) => dense * factor + margin
}
