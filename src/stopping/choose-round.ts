import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { anything } from '../internal/option-checks.js'
import type { RoundReport, StoppingRule } from '../types.js'
import { refuseChoice } from './refuse-choice.js'
import type { ChoiceRow, RoundChoice } from './round-choice.js'
import { judge, type RoundConstraint, type Verdict } from './round-constraint.js'
import { costOf, type RoundCost } from './round-cost.js'

/** Options of {@link chooseRound}. */
export interface ChooseRoundOptions {
  /**
   * The value to make small: a number of the report or its evaluation, or a function. @default
   * 'density'
   */
  readonly minimise?: RoundCost | ((round: RoundReport) => number)
  /** Constraints on the round: stopping rules, or conditions on each round. @default [] */
  readonly subjectTo?: readonly (StoppingRule | RoundConstraint)[]
}

const checks: OptionChecks<ChooseRoundOptions> = {
  minimise: anything, // checked by costOf
  subjectTo: (list) => {
    if (!Array.isArray(list)) throw refuseChoice(TypeError, 'a list as subjectTo', typeof list)
  },
}

/**
 * Chooses among finished rounds: the smallest value of those that meet all constraints.
 *
 * argmin value(round) subject to every constraint; of equal values the sparser round, of equal
 * densities the later one. A stopping rule is met by the rounds that it calls feasible, or by all
 * when it names none and keeps one; whether it would have stopped before does not matter. A NaN is
 * never the smallest value.
 *
 * @param rounds At least one round, the dense one first for rules that compare with it.
 * @param options The value to make small, and the constraints.
 * @returns The round, its index in `rounds`, the reason and a table of all rounds;
 *   `feasible: false` and no round when none meets the constraints.
 * @throws {TypeError} If an option is of the wrong type or unknown, or a function returns anything
 *   but a number, a boolean or a decision.
 * @throws {RangeError} If there is no round or `minimise` is no known name.
 *
 * @example
 * ```ts
 * import { randomNormal, train } from '@tensorflow/tfjs-core'
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { chooseRound, evaluateOn, falseNegativesAtMost, fit, prune } from 'tfjs-prune'
 *
 * const model = sequential({ layers: [layers.dense({ units: 2, inputShape: [4] })] })
 * const data = { xs: randomNormal([16, 4]), ys: Int32Array.from({ length: 16 }, (_, i) => i % 2) }
 * const { rounds } = await prune(model, {
 *   train: fit(data, { optimizer: () => train.sgd(0.01), epochs: 1 }),
 *   evaluate: evaluateOn(data, { positiveClass: 1 }),
 *   schedule: [1, 0.5, 0.25],
 * })
 * const small = { name: 'at most half of the weights', holds: (round: { density: number }) => round.density <= 0.5 }
 * const choice = chooseRound(rounds, {
 *   minimise: 'falsePositiveRate',
 *   subjectTo: [falseNegativesAtMost(8), small],
 * })
 * if (!choice.feasible) throw new Error(choice.reason)
 * if (choice.index === 0) throw new Error('the dense round is not small')
 * ```
 */
export function chooseRound<R extends RoundReport>(
  rounds: readonly R[],
  options: ChooseRoundOptions = {},
): RoundChoice<R> {
  checkOptions(options, { task: 'choose a round', checks })
  const { minimise = 'density', subjectTo = [] } = options
  if (!Array.isArray(rounds)) throw refuseChoice(TypeError, 'a list of rounds', typeof rounds)
  if (rounds.length === 0) throw refuseChoice(RangeError, 'at least one round', 'none')
  const measure = costOf(minimise)
  const verdicts = subjectTo.map((constraint, position) => judge(constraint, rounds, position))
  const table = rounds.map((report, index): ChoiceRow => {
    const { round, density } = report
    const value = measure(report)
    const meets = verdicts.map(({ met }) => met[index]!)
    const feasible = !Number.isNaN(value) && meets.every(Boolean)
    return { index, round, density, value, meets, feasible }
  })
  const all = table.filter(({ feasible }) => feasible).sort(byValue)
  const [best] = all
  if (!best) {
    const none = { round: undefined, index: undefined }
    return { feasible: false, ...none, reason: whyNone(table, verdicts), table }
  }
  const { index, value } = best
  const among = `${all.length} of ${rounds.length} rounds that are feasible`
  const reason = `round ${best.round} has the smallest value, ${value}, of ${among}`
  return { feasible: true, round: rounds[index]!, index, reason, table }
}

/** Smaller values first, then sparser rounds, then later ones. */
function byValue(a: ChoiceRow, b: ChoiceRow): number {
  if (a.value !== b.value) return a.value < b.value ? -1 : 1
  return a.density - b.density || b.index - a.index
}

function whyNone(table: readonly ChoiceRow[], verdicts: readonly Verdict[]): string {
  const parts = verdicts.map(({ met, words }) => `${met.filter(Boolean).length} meet "${words}"`)
  const numbers = table.filter(({ value }) => !Number.isNaN(value)).length
  if (numbers < table.length) parts.push(`${numbers} have a value that is a number`)
  return `none of ${table.length} rounds is feasible: ${parts.join(', ')}`
}
