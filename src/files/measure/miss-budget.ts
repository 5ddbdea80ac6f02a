import type { OptionCheck } from '../../internal/check-options.js'
import { missesOf } from '../../internal/class-outcomes.js'
import { describe } from '../../internal/describe.js'
import { checkIndex, checkNumber } from '../../internal/option-checks.js'
import type { Evaluation } from '../../types.js'

/** Most false negatives of the evaluation's positive class, or of each class named. */
export type MissBudget = number | Readonly<Record<number, number>>

/** An evaluation, compared with a budget. */
export interface Verdict {
  /** By class index; `positive` where the evaluation does not name its class. */
  readonly falseNegatives: Readonly<Record<string, number>>
  readonly feasible: boolean
  /** The numbers of the budget in words. */
  readonly words: string
}

/** Throws unless the budget is a number of misses, or one for each of some class indices. */
export const checkMissBudget: OptionCheck = (budget, { task }) => {
  if (typeof budget === 'number') {
    checkMisses(budget, { task, name: 'budget' })
    return
  }
  if (typeof budget !== 'object' || budget === null || Array.isArray(budget)) {
    const got = describe(budget)
    throw new TypeError(
      `Cannot ${task}: expected a number or an object of numbers by class as budget, got ${got}`,
    )
  }
  const entries = Object.entries(budget)
  if (entries.length === 0)
    throw new RangeError(`Cannot ${task}: expected a budget of at least one class, got {}`)
  for (const [index, limit] of entries) {
    checkIndex(index.trim() === '' ? Number.NaN : Number(index), {
      task,
      name: `the class ${index} of budget`,
    })
    checkMisses(limit, { task, name: `budget of class ${index}` })
  }
}

/** Misses are counts. A share such as 0.05 would mean no miss at all. */
function checkMisses(count: unknown, rule: { task: string; name: string }): void {
  const accepts = (value: number) =>
    value >= 0 && (Number.isInteger(value) || value === Number.POSITIVE_INFINITY)
  checkNumber(count, { ...rule, wanted: 'a whole number of misses or Infinity', accepts })
}

/**
 * Compares an evaluation with the budget. Throws where a count that the budget limits is missing.
 */
export function judgeMisses(evaluation: Evaluation, budget: MissBudget, task: string): Verdict {
  if (typeof evaluation?.confusion?.falseNegatives !== 'number') {
    throw new TypeError(
      `Cannot ${task}: expected evaluate to return an evaluation with a confusion, got none`,
    )
  }
  const limits: readonly (readonly [number | undefined, number])[] =
    typeof budget === 'number'
      ? [[evaluation.positiveClass, budget]]
      : Object.entries(budget).map(([index, limit]) => [Number(index), limit])
  const parts = limits.map(([index, limit]) => {
    const { positives, misses } = missesOf(evaluation, index, task)
    const name = index === undefined ? 'the positive class' : `class ${index}`
    if (positives === 0) {
      throw new RangeError(
        `Cannot ${task}: expected samples of ${name} among those evaluated, got none`,
      )
    }
    return {
      over: !(misses <= limit),
      words: `${misses} false negative${misses === 1 ? '' : 's'} of ${name} against at most ${limit}`,
    }
  })
  const feasible = parts.every(({ over }) => !over)
  const words = parts.map((part) => part.words).join(', ')
  return { falseNegatives: falseNegativesByClass(evaluation, task), feasible, words }
}

function falseNegativesByClass(evaluation: Evaluation, task: string): Record<string, number> {
  const { positiveClass, labels, predictions, confusion } = evaluation
  const classes = labels && predictions ? [...new Set(labels)].sort((a, b) => a - b) : []
  const misses = Object.fromEntries(
    classes.map((index) => [index, missesOf(evaluation, index, task).misses]),
  )
  return { ...misses, [positiveClass ?? 'positive']: confusion.falseNegatives }
}
