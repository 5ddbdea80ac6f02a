import { checkOptions, type OptionCheck, type OptionChecks } from '../internal/check-options.js'
import {
  checkIndex,
  checkNotNegative,
  checkNumber,
  numberThat,
  required,
} from '../internal/option-checks.js'

/** The misses that one class may have, and how hard the loss works for that. */
export interface ClassBudget {
  /** Class whose samples must not be missed. */
  readonly positiveClass: number
  /** Largest false-negative rate wanted, in [0, 1). */
  readonly maximumFalseNegativeRate: number
  /** How much the multiplier grows when every sample is missed. Finite, at least 0. @default 10 */
  readonly stepSize?: number
  /**
   * Multiplier that a round begins with, or one per round; from 0 to `maximumMultiplier`.
   * @default 0
   */
  readonly start?: number | ((round: number) => number)
  /** Upper limit of the multiplier; finite, at least 0. @default 100 */
  readonly maximumMultiplier?: number
}

/** A budget in which nothing is left out. */
export type FilledBudget = Required<ClassBudget>

const task = 'make falseNegativeBudget'

/** The start depends on the maximum, and is checked by {@link startOf}. */
const checkedByStartOf: OptionCheck = () => {}

const checks: OptionChecks<ClassBudget> = {
  positiveClass: required(checkIndex),
  maximumFalseNegativeRate: required(numberThat('in [0, 1)', (rate) => rate >= 0 && rate < 1)),
  stepSize: checkNotNegative,
  start: checkedByStartOf,
  maximumMultiplier: checkNotNegative,
}

/** Throws unless there is at least one budget, each class has one, and their options are right. */
export function fillBudgets(budgets: ClassBudget | readonly ClassBudget[]): FilledBudget[] {
  const filled = (Array.isArray(budgets) ? budgets : [budgets]).map(fillBudget)
  if (filled.length === 0)
    throw new TypeError(`Cannot ${task}: expected at least one budget, got none`)
  filled.forEach(({ positiveClass }, place) => {
    if (filled.findIndex((other) => other.positiveClass === positiveClass) === place) return
    throw new RangeError(`Cannot ${task}: expected one budget for class ${positiveClass}, got two`)
  })
  return filled
}

function fillBudget(budget: ClassBudget): FilledBudget {
  checkOptions(budget, { task, checks })
  const { stepSize = 10, start = 0, maximumMultiplier = 100, ...rest } = budget
  const filled = { ...rest, stepSize, start, maximumMultiplier }
  startOf(filled, 0)
  return filled
}

/** The multiplier that a round begins with. */
export function startOf({ start, maximumMultiplier }: FilledBudget, round: number): number {
  const value = typeof start === 'function' ? start(round) : start
  const name = typeof start === 'function' ? `start of round ${round}` : 'start'
  const wanted = `from 0 to the maximum of ${maximumMultiplier}`
  const accepts = (multiplier: number) => multiplier >= 0 && multiplier <= maximumMultiplier
  checkNumber(value, { task, name, wanted, accepts })
  return value
}
