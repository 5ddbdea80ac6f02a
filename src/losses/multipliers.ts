import { describe } from '../internal/describe.js'
import { checkNumber } from '../internal/option-checks.js'
import { checkPredictions } from '../metrics/predictions.js'
import type { NumberArray } from '../types.js'
import { type FilledBudget, startOf } from './class-budget.js'

/** Outcomes that false-negative rates can be read from. */
export interface MeasuredOutcomes {
  readonly labels?: NumberArray
  readonly predictions?: NumberArray
  readonly falseNegativeRate?: number
  readonly positiveClass?: number
}

const task = 'update falseNegativeBudget'

/**
 * The multipliers of the budgets during one round: they begin at `start`, and updates move them.
 */
export interface Multipliers {
  /** The present multiplier of each budget, in the order of the budgets. */
  readonly values: readonly number[]
  readonly update: (measured: NumberArray | MeasuredOutcomes) => void
  readonly memory: LossMemory
}

/** The numbers that the updates of a loss move: a training that goes on writes them back. */
export interface LossMemory {
  /** The present numbers: plain data. */
  readonly read: () => unknown
  /** Takes numbers that were read before, of a loss with the same options. */
  readonly write: (numbers: unknown) => void
}

/** Multipliers as they are at the beginning of a round. */
export function multipliersAt(round: number, budgets: readonly FilledBudget[]): Multipliers {
  let values = budgets.map((budget) => startOf(budget, round))
  const classes = budgets.map(({ positiveClass }) => positiveClass)
  return {
    get values() {
      return values
    },
    update: (measured) => {
      const rates = ratesOf(measured, classes)
      values = budgets.map((budget, i) => nextMultiplier(values[i]!, rates[i]!, budget))
    },
    memory: {
      read: () => values,
      write: (numbers) => {
        values = [...(numbers as readonly number[])]
      },
    },
  }
}

/** mu <- min(max(mu + step (FNR - b), 0), maximum); a rate that is NaN moves nothing. */
function nextMultiplier(
  multiplier: number,
  rate: number,
  { maximumFalseNegativeRate, stepSize, maximumMultiplier }: FilledBudget,
): number {
  if (Number.isNaN(rate)) return multiplier
  const moved = multiplier + stepSize * (rate - maximumFalseNegativeRate)
  return Math.min(Math.max(moved, 0), maximumMultiplier)
}

/** False-negative rate of each class in `wanted`; NaN where a class has no samples. */
function ratesOf(measured: NumberArray | MeasuredOutcomes, wanted: readonly number[]): number[] {
  if (typeof measured !== 'object' || measured === null) {
    const got = describe(measured)
    throw new TypeError(`Cannot ${task}: expected a rate per class or an evaluation, got ${got}`)
  }
  if ('length' in measured) return wanted.map((index) => rateAt(measured, index))
  const { labels, predictions, falseNegativeRate, positiveClass = wanted[0] } = measured
  if (labels && predictions) {
    checkPredictions(labels, { model: predictions }, { task })
    return wanted.map((index) => missRate(labels, predictions, index))
  }
  if (falseNegativeRate !== undefined && wanted.length === 1 && wanted[0] === positiveClass) {
    return [checkRate(falseNegativeRate, 'falseNegativeRate')]
  }
  const got = Object.keys(measured).join(', ') || 'an empty object'
  throw new TypeError(
    `Cannot ${task}: expected labels and predictions for class ${wanted.join(', ')}, got ${got}`,
  )
}

function rateAt(rates: NumberArray, index: number): number {
  if (index < rates.length) return checkRate(rates[index], `the rate of class ${index}`)
  throw new RangeError(
    `Cannot ${task}: expected a rate for class ${index}, got rates of ${rates.length} classes`,
  )
}

function checkRate(rate: unknown, name: string): number {
  const accepts = (value: number) => Number.isNaN(value) || (value >= 0 && value <= 1)
  checkNumber(rate, { task, name, wanted: 'in [0, 1], or NaN without positives', accepts })
  return rate as number
}

function missRate(labels: NumberArray, predictions: NumberArray, index: number): number {
  let [positives, misses] = [0, 0]
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] !== index) continue
    positives++
    if (predictions[i] !== index) misses++
  }
  return misses / positives
}
