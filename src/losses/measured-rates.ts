import { describe } from '../internal/describe.js'
import { checkIndex, checkNumber } from '../internal/option-checks.js'
import { checkPredictions } from '../metrics/predictions.js'
import type { NumberArray } from '../types.js'
import { type ClassBudget, partOf } from './class-budget.js'

/** Outcomes that false-negative rates can be read from. */
export interface MeasuredOutcomes {
  readonly labels?: NumberArray
  readonly predictions?: NumberArray
  /** Number of the group of each sample, where a budget is of one. */
  readonly groups?: NumberArray
  readonly falseNegativeRate?: number
  readonly positiveClass?: number
}

const task = 'update falseNegativeBudget'

/** The samples of a rate: those of a class, or of a group of it. */
type Part = Pick<ClassBudget, 'positiveClass' | 'group'>

/** False-negative rate of each part in `wanted`; NaN where one has no samples. */
export function measuredRates(
  measured: NumberArray | MeasuredOutcomes,
  wanted: readonly Part[],
): number[] {
  if (typeof measured !== 'object' || measured === null) {
    const got = describe(measured)
    throw new TypeError(`Cannot ${task}: expected a rate per class or an evaluation, got ${got}`)
  }
  const isGrouped = wanted.some(({ group }) => group !== undefined)
  if ('length' in measured && !isGrouped)
    return wanted.map(({ positiveClass }) => rateAt(measured, positiveClass))
  const outcomes: MeasuredOutcomes = 'length' in measured ? {} : measured
  const { labels, predictions, groups, falseNegativeRate } = outcomes
  if (labels && predictions && !(isGrouped && !groups)) {
    checkPredictions(labels, { model: predictions }, { task })
    if (isGrouped) checkGroups(groups, labels.length)
    return wanted.map((part) => missRate(outcomes, part))
  }
  const [first, ...others] = wanted
  const { positiveClass = first!.positiveClass } = outcomes
  const isOne = others.length === 0 && first!.positiveClass === positiveClass && !isGrouped
  if (falseNegativeRate !== undefined && isOne)
    return [checkRate(falseNegativeRate, 'falseNegativeRate')]
  const things = isGrouped ? 'labels, predictions and groups' : 'labels and predictions'
  const got = 'length' in measured ? 'rates' : Object.keys(measured).join(', ')
  throw new TypeError(
    `Cannot ${task}: expected ${things} for ${wanted.map(partOf).join(', ')}, got ${got || 'an empty object'}`,
  )
}

function checkGroups(groups: NumberArray | undefined, samples: number): void {
  if (groups?.length !== samples) {
    const got = groups?.length ?? describe(groups)
    const wanted = `a group for each of ${samples} samples`
    throw new TypeError(`Cannot ${task}: expected ${wanted}, got ${got}`)
  }
  for (let i = 0; i < samples; i++) checkIndex(groups[i], { task, name: `group ${i}` })
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

function missRate(
  { labels, predictions, groups }: MeasuredOutcomes,
  { positiveClass, group }: Part,
): number {
  let [positives, misses] = [0, 0]
  for (let i = 0; i < labels!.length; i++) {
    if (labels![i] !== positiveClass) continue
    if (group !== undefined && groups![i] !== group) continue
    positives++
    if (predictions![i] !== positiveClass) misses++
  }
  return misses / positives
}
