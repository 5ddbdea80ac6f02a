import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { checkSameSamples, samplesOf } from '../internal/class-outcomes.js'
import { normalQuantile } from '../internal/normal.js'
import { numberThat, required } from '../internal/option-checks.js'
import { checkInside } from '../internal/rate-checks.js'
import { delongTest } from '../metrics/delong-test.js'
import type { RoundReport, StoppingRule } from '../types.js'
import { withinBound } from './bound.js'
import { type BudgetOptions, budgetChecks } from './within-budget.js'

/** Options of {@link aucNotBelow}. */
export interface AucNotBelowOptions extends BudgetOptions {
  /** Loss of AUC that does not matter, in (0, 1). */
  readonly slack: number
  /** Probability in (0, 1) that the bound of one round holds for new samples. @default 0.95 */
  readonly confidence?: number
}

const task = 'bound the loss of AUC'
const checks: OptionChecks<AucNotBelowOptions> = {
  ...budgetChecks,
  slack: required(numberThat('a difference of AUC in (0, 1)', (loss) => loss > 0 && loss < 1)),
  confidence: checkInside,
}

/**
 * Keeps the sparsest round whose area under the ROC curve is below the dense network's by no more
 * than the slack.
 *
 * AUC(dense) - AUC(round) + z SE <= slack, with z the normal quantile of the confidence and SE the
 * paired standard error of DeLong: both networks are measured on the same samples. The rule asks
 * for a proof: few samples prove little, and no pruned round meets it on them. Where SE is 0, as
 * for a few samples that both networks separate without an error, SE proves nothing: the bound is
 * then 1 - (1 - confidence)^(1 / m), from m = min(n+, n-) pairs of which none is ordered otherwise.
 * SE is asymptotic, and too small where few positives meet a high area: at a confidence of 0.95 a
 * network whose true loss was the slack itself was kept in 7 to 9 % of simulated runs at an area of
 * 0.9, in 8 to 13 % at 0.96 and in 14 to 27 % at 0.99, with 30 to 50 positives. Ask for a higher
 * confidence there.
 *
 * @param options Slack, confidence, and when to stop.
 * @returns A stopping rule for rounds that begin with the dense one; no feasible round is an
 *   explicit result. With an empty side the area is NaN, which is never within the slack. It throws
 *   a TypeError if `evaluate` does not return `labels`, `scores` and `positiveClass`, and a
 *   RangeError if the rounds were not measured on the same samples.
 * @throws {TypeError} If an option is no number.
 * @throws {RangeError} If `slack` or `confidence` is outside (0, 1), or `stopEarly` is no whole
 *   number of at least 1.
 * @see DeLong, DeLong, Clarke-Pearson: Comparing the areas under two or more correlated receiver
 *   operating characteristic curves. Biometrics 1988.
 *
 * @example
 * ```ts
 * import { aucNotBelow } from 'tfjs-prune'
 *
 * const rule = aucNotBelow({ slack: 0.02, confidence: 0.95 })
 * if (rule([]).stop) throw new Error('no round is finished')
 * ```
 */
export function aucNotBelow(options: AucNotBelowOptions): StoppingRule {
  checkOptions(options, { task, checks })
  const { slack, confidence = 0.95 } = options
  const quantile = normalQuantile(confidence)
  const measure = (round: RoundReport, rounds: readonly RoundReport[]) => {
    if (round === rounds[0])
      return { value: 0 * compare(round, rounds, task).difference, limit: slack }
    const { difference, provable } = bound(compare(round, rounds, task))
    return { value: provable - difference, limit: slack }
  }
  const bound = ({ difference, error, positives, negatives }: ReturnType<typeof compare>) => {
    const pairs = 1 - (1 - confidence) ** (1 / Math.min(positives, negatives))
    return { difference, provable: error === 0 ? pairs : quantile * error }
  }
  const footing = (round: RoundReport, rounds: readonly RoundReport[]) => {
    const compared = compare(round, rounds, task)
    const { difference, positives, negatives } = compared
    const least = `${bound(compared).provable.toPrecision(3)} at equal areas and confidence ${confidence}`
    return `difference ${difference.toPrecision(3)} on ${positives} positives and ${negatives} negatives, which prove ${least}`
  }
  return withinBound({ measure, what: 'upper bound of the loss of AUC', footing }, options)
}

const FIELDS = ['labels', 'scores', 'positiveClass'] as const

function compare(round: RoundReport, rounds: readonly RoundReport[], task: string) {
  const dense = samplesOf(rounds[0]!.evaluation, FIELDS, task)
  const pruned = samplesOf(round.evaluation, FIELDS, task)
  checkSameSamples(dense.labels, pruned.labels, task)
  const { labels, positiveClass } = dense
  const positives = labels.reduce((count, label) => count + Number(label === positiveClass), 0)
  const negatives = labels.length - positives
  if (positives === 0 || negatives === 0) {
    return { difference: Number.NaN, error: Number.NaN, positives, negatives }
  }
  const { difference, standardError } = delongTest(labels, pruned.scores, dense.scores, {
    positiveClass,
  })
  return { difference, error: standardError, positives, negatives }
}
