import { checkOptions, type OptionCheck, type OptionChecks } from '../internal/check-options.js'
import { copyOptions } from '../internal/copy-options.js'
import {
  checkCount,
  checkIndex,
  checkNotNegative,
  checkNumber,
  numberThat,
  oneOf,
  required,
} from '../internal/option-checks.js'

/** The misses that one class may have, and how hard the loss works for that. */
export interface ClassBudget {
  /** Class whose samples must not be missed. */
  readonly positiveClass: number
  /**
   * Number of the group whose samples of the class the budget is of. Labels are rows
   * `[class, group]` then, for all budgets of the loss. @default all samples of the class
   */
  readonly group?: number
  /** Largest false-negative rate wanted, in [0, 1). Left out where `of` is given. */
  readonly maximumFalseNegativeRate?: number
  /**
   * The budget is the dense network's own rate, and `slack` more. The dense network is trained
   * without a multiplier. @default a rate by itself, `maximumFalseNegativeRate`
   */
  readonly of?: 'dense'
  /** Rate that may be missed above the dense network's, in [0, 1). @default 0 */
  readonly slack?: number
  /** How much the multiplier grows when every sample is missed. Finite, at least 0. @default 10 */
  readonly stepSize?: number
  /** Share of its size that each move of the multiplier has of the one before: in (0, 1]. @default 0.9 */
  readonly decay?: number
  /**
   * Factor of the multiplier after an update that meets the budget, in [0, 1]; 0 begins anew. With
   * `decay: 1` that is the dual restart of Balancing Act. @default 0.8
   */
  readonly recovery?: number
  /**
   * Updates in a row over the budget, none with a tenth less excess than the best before, after
   * which the budget counts as out of reach. A whole number of at least 1. @default 4
   */
  readonly patience?: number
  /**
   * Multiplier that a round begins with, or one per round; from 0 to `maximumMultiplier`.
   * @default 0
   */
  readonly start?: number | ((round: number) => number)
  /** Upper limit of the multiplier; finite, at least 0. @default 4, the paper's gamma of 5 */
  readonly maximumMultiplier?: number
}

/** A budget in which nothing is left out but the one of rate and network that it does not name. */
export type FilledBudget = Required<
  Omit<ClassBudget, 'maximumFalseNegativeRate' | 'of' | 'group'>
> &
  Pick<ClassBudget, 'maximumFalseNegativeRate' | 'of' | 'group'>

const task = 'make falseNegativeBudget'

/** The start depends on the maximum, and is checked by {@link startOf}. */
const checkedByStartOf: OptionCheck = () => {}

const checkRate = numberThat('in [0, 1)', (rate) => rate >= 0 && rate < 1)

const checks: OptionChecks<ClassBudget> = {
  positiveClass: required(checkIndex),
  group: checkIndex,
  maximumFalseNegativeRate: checkRate,
  of: oneOf('dense'),
  slack: checkRate,
  stepSize: checkNotNegative,
  decay: numberThat('in (0, 1]', (factor) => factor > 0 && factor <= 1),
  recovery: numberThat('in [0, 1]', (factor) => factor >= 0 && factor <= 1),
  patience: checkCount,
  start: checkedByStartOf,
  maximumMultiplier: checkNotNegative,
}

/**
 * Throws unless there is at least one budget, each class and each group of it has one, and their
 * options are right.
 */
export function fillBudgets(budgets: ClassBudget | readonly ClassBudget[]): FilledBudget[] {
  const filled = (Array.isArray(budgets) ? budgets : [budgets]).map(fillBudget)
  if (filled.length === 0)
    throw new TypeError(`Cannot ${task}: expected at least one budget, got none`)
  const names = filled.map(partOf)
  names.forEach((name, place) => {
    if (names.indexOf(name) === place) return
    throw new RangeError(`Cannot ${task}: expected one budget for ${name}, got two`)
  })
  return filled
}

function fillBudget(budget: ClassBudget): FilledBudget {
  checkOptions(budget, { task, checks })
  checkLimit(budget)
  const usual = { slack: 0, stepSize: 10, decay: 0.9, recovery: 0.8, patience: 4, start: 0 }
  const filled = { ...usual, maximumMultiplier: 4, ...copyOptions(budget, checks) }
  startOf(filled, 0)
  return filled
}

/** The samples of a budget in words. */
export function partOf({ positiveClass, group }: Pick<ClassBudget, 'positiveClass' | 'group'>) {
  return `class ${positiveClass}${group === undefined ? '' : ` in group ${group}`}`
}

/** Throws unless a budget is either a rate, or held against the dense network. */
function checkLimit({ maximumFalseNegativeRate, of, slack }: ClassBudget): void {
  if ((maximumFalseNegativeRate === undefined) === (of === undefined)) {
    const got = of === undefined ? 'neither' : 'both'
    throw new TypeError(
      `Cannot ${task}: expected either maximumFalseNegativeRate or of: 'dense', got ${got}`,
    )
  }
  if (slack === undefined || of !== undefined) return
  throw new TypeError(`Cannot ${task}: expected slack with of: 'dense' only, got it without`)
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
