import { checkFunction } from '../internal/check-function.js'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { checkFinite } from '../internal/option-checks.js'
import { optionError } from '../internal/option-error.js'
import type { Evaluation, RoundReport, StoppingRule } from '../types.js'
import { tellRule } from './tell-rule.js'
import { type BudgetOptions, budgetChecks, withinBudget } from './within-budget.js'

/** A limit relative to the dense network of round 0: metric(dense) * factor + slack. */
export interface RelativeLimit {
  /** Factor on the dense network's value, a finite number. @default 1 */
  readonly factor?: number
  /** Added to it, a finite number in units of the metric. @default 0 */
  readonly slack?: number
}

/** The value of a round that a rule watches. */
export type Metric<E> = (round: RoundReport<E>) => number

const relativeChecks: OptionChecks<RelativeLimit> = { factor: checkFinite, slack: checkFinite }

/**
 * Keeps the sparsest round whose metric is at or below a limit: for models that are no classifiers,
 * and for measures of your own.
 *
 * @param metric Reads the value of a round, such as a mean squared error. NaN meets no limit.
 * @param limit The limit, or one relative to the dense round: metric(dense) * factor + slack. The
 *   rule cannot know which value is a bad one: look at the dense round before you lean on it.
 * @param options When to stop.
 * @returns A stopping rule; no feasible round is an explicit result. It throws a TypeError for a
 *   metric that is no number, so that an evaluation which does not fit is told before training.
 * @throws {TypeError | RangeError} If `metric` is no function, or the limit is no finite number.
 *
 * @example
 * ```ts
 * import { metricAtMost } from 'tfjs-prune'
 *
 * type Regression = { meanSquaredError: number }
 * const rule = metricAtMost<Regression>(({ evaluation }) => evaluation.meanSquaredError, { factor: 1.1 })
 * if (rule([]).stop) throw new Error('no round is finished')
 * ```
 */
export function metricAtMost<E = Evaluation>(
  metric: Metric<E>,
  limit: number | RelativeLimit,
  options: BudgetOptions = {},
): StoppingRule<E> {
  const rule = metricRule(metric, limit, { options, atLeast: false })
  return tellRule(rule, ['metricAtMost', metric, limit, options])
}

/**
 * Keeps the sparsest round whose metric is at or above a limit, such as a peak signal-to-noise
 * ratio; otherwise as {@link metricAtMost}.
 *
 * @param metric Reads the value of a round. NaN meets no limit.
 * @param limit The limit, or one relative to the dense round: metric(dense) * factor + slack.
 * @param options When to stop.
 * @returns A stopping rule; no feasible round is an explicit result.
 * @throws {TypeError | RangeError} If `metric` is no function, or the limit is no finite number.
 *
 * @example
 * ```ts
 * import { metricAtLeast } from 'tfjs-prune'
 *
 * const rule = metricAtLeast<{ psnr: number }>(({ evaluation }) => evaluation.psnr, { slack: -0.5 })
 * if (rule([]).stop) throw new Error('no round is finished')
 * ```
 */
export function metricAtLeast<E = Evaluation>(
  metric: Metric<E>,
  limit: number | RelativeLimit,
  options: BudgetOptions = {},
): StoppingRule<E> {
  const rule = metricRule(metric, limit, { options, atLeast: true })
  return tellRule(rule, ['metricAtLeast', metric, limit, options])
}

function metricRule<E>(
  metric: Metric<E>,
  limit: number | RelativeLimit,
  { options, atLeast }: { readonly options: BudgetOptions; readonly atLeast: boolean },
): StoppingRule<E> {
  const task = 'bound the metric'
  checkFunction(metric, { task, name: 'metric' })
  if (limit === undefined)
    throw optionError(new TypeError(`Cannot ${task}: expected a limit, got none`))
  checkOptions(options, { task, checks: budgetChecks })
  if (typeof limit === 'number') checkFinite(limit, { task, name: 'limit' })
  else checkOptions(limit, { task, checks: relativeChecks })
  const limitOf = (dense: RoundReport<E>) => {
    if (typeof limit === 'number') return limit
    const { factor = 1, slack = 0 } = limit
    return metric(dense) * factor + slack
  }
  const measure = (round: RoundReport<E>, rounds: readonly RoundReport<E>[]) => {
    return { value: metric(round), limit: limitOf(rounds[0]!) }
  }
  return withinBudget({ measure, what: 'metric', atLeast }, options)
}
