import { checkOptions, type OptionCheck, type OptionChecks } from '../internal/check-options.js'
import { checkSameSamples } from '../internal/class-outcomes.js'
import { checkFixedRate } from '../internal/fixed-rates.js'
import { numberThat } from '../internal/option-checks.js'
import { listOf, toldMisses } from '../metrics/told-misses.js'
import type { Evaluation, RoundReport, StoppingRule } from '../types.js'
import { noBetterThanLot } from './no-better-than-lot.js'
import { tellRule } from './tell-rule.js'
import { type BudgetOptions, budgetChecks, withinBudget } from './within-budget.js'

/** Options of {@link missesNotAbove}. */
export interface MissesNotAboveOptions extends BudgetOptions {
  /**
   * The misses to compare with: those of the dense network, which is the first round, or a
   * false-negative rate in [0, 1], such as that of the network in use. @default 'dense'
   */
  readonly of?: 'dense' | number
  /**
   * False-positive rate in [0, 1) at which the misses are counted. @default the model's own
   * boundary, where more false alarms may pay for fewer misses
   */
  readonly atFalsePositiveRate?: number
  /** Share of the positives that may be missed beyond that, in [0, 1). @default 0 */
  readonly margin?: number
}

const task = 'compare the misses'
const checkRate = numberThat("'dense' or a rate in [0, 1]", (rate) => rate >= 0 && rate <= 1)
const checkOf: OptionCheck = (value, option) => value === 'dense' || checkRate(value, option)
const checks: OptionChecks<MissesNotAboveOptions> = {
  ...budgetChecks,
  of: checkOf,
  atFalsePositiveRate: checkFixedRate,
  margin: numberThat('a share of the positives in [0, 1)', (share) => share >= 0 && share < 1),
}

/**
 * Keeps the sparsest round that misses no more than the dense network, at the same rate of false
 * alarms.
 *
 * FNR(round, f) <= FNR(dense, f) + margin, with FNR(., f) the false-negative rate at the
 * false-positive rate f as `falseNegativeRateAt` of `tfjs-prune/metrics` defines it, ties and few
 * negatives included; without `atFalsePositiveRate`, FN / (FN + TP) at the model's own boundary, as
 * {@link falseNegativeRateAtMost} with a `slack`. The rule is a point estimate on the evaluated
 * samples, and the sparsest of several rounds is chosen on them: on new samples a kept network may
 * miss more. `certify` of `tfjs-prune/certify` gives a guarantee, from samples set aside for it.
 *
 * @param options The network to compare with, the false-positive rate, the margin, and when to
 *   stop.
 * @returns A stopping rule for rounds that begin with the dense one, which meets it; no feasible
 *   round is an explicit result. A dense network that finds positives no better than by lot,
 *   FNR(dense, f) >= 1 - f, promises nothing: no round meets the rule then. Without positives, or
 *   at a fixed rate without negatives, the misses are NaN, and no round meets it. It throws a
 *   TypeError if `evaluate` returns neither this rate among `atFalsePositiveRates` nor `scores`,
 *   `labels` and `positiveClass` to count by, and a RangeError if the rounds were not measured on
 *   the same samples.
 * @throws {TypeError} If an option is of the wrong type or does not exist.
 * @throws {RangeError} If `of`, `atFalsePositiveRate` or `margin` is out of range, or `stopEarly` is
 *   no whole number of at least 1.
 *
 * @example
 * ```ts
 * import { missesNotAbove } from 'tfjs-prune'
 *
 * const rule = missesNotAbove({ of: 'dense', atFalsePositiveRate: 0.1, margin: 0.01 })
 * if (rule([]).stop) throw new Error('no round is finished')
 * ```
 */
export function missesNotAbove(options: MissesNotAboveOptions = {}): StoppingRule {
  checkOptions(options, { task, checks })
  const { of: other = 'dense', atFalsePositiveRate: rate, margin = 0 } = options
  const measure = ({ evaluation }: RoundReport, [dense]: readonly RoundReport[]) => {
    const value = rateOf(evaluation, rate)
    if (typeof other === 'number') return { value, limit: other + margin }
    const first = dense!.evaluation
    if (first.labels && evaluation.labels) {
      const [wanted, labels] = [first.labels, evaluation.labels].map(listOf)
      checkSameSamples(Int32Array.from(wanted!), Int32Array.from(labels!), task)
    }
    return { value, limit: rateOf(first, rate) + margin }
  }
  const whyBaseless = ({ evaluation }: RoundReport) => {
    const falsePositiveRate = rate ?? evaluation.falsePositiveRate
    return noBetterThanLot({ falseNegativeRate: rateOf(evaluation, rate), falsePositiveRate })
  }
  const where = rate === undefined ? '' : ` at a false-positive rate of ${rate}`
  const budget = { measure, what: `false-negative rate${where}` }
  return tellRule(withinBudget({ ...budget, ...(other === 'dense' && { whyBaseless }) }, options), [
    'missesNotAbove',
    options,
  ])
}

/** The false-negative rate of a network at a fixed false-positive rate, or at its own boundary. */
function rateOf(evaluation: Evaluation, falsePositiveRate: number | undefined): number {
  const misses =
    falsePositiveRate === undefined
      ? evaluation
      : toldMisses(evaluation, { falsePositiveRate, task })
  const found = misses?.falseNegativeRate
  if (found !== undefined) return found ?? Number.NaN // JSON makes null of NaN
  const wanted =
    falsePositiveRate === undefined
      ? 'a falseNegativeRate'
      : `scores, labels and positiveClass (as evaluateOn does), or atFalsePositiveRate ${falsePositiveRate} among its atFalsePositiveRates`
  throw new TypeError(`Cannot ${task}: expected evaluate to return ${wanted}, got none`)
}
