import { describe } from '../internal/describe.js'
import { checkNumber } from '../internal/option-checks.js'
import { checkPredictions } from '../metrics/predictions.js'
import type { NumberArray } from '../types.js'

/** Outcomes that false-negative rates can be read from. */
export interface MeasuredOutcomes {
  readonly labels?: NumberArray
  readonly predictions?: NumberArray
  readonly falseNegativeRate?: number
  readonly positiveClass?: number
}

const task = 'update falseNegativeBudget'

/** False-negative rate of each class in `wanted`; NaN where a class has no samples. */
export function measuredRates(
  measured: NumberArray | MeasuredOutcomes,
  wanted: readonly number[],
): number[] {
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
