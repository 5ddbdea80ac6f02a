import { checkOptionNames } from '../internal/check-option-names.js'
import type { RoundReport, StoppingRule } from '../types.js'

/** A condition on each round by itself. */
export interface RoundConstraint {
  /** For the table and the reason, e.g. `at most 50 kB`. */
  readonly name: string
  /** Whether a round may be chosen. */
  readonly holds: (round: RoundReport) => boolean
}

/** Numbers of a round of which less is better. */
export type RoundCost =
  | 'density'
  | 'densityOverAll'
  | 'kept'
  | 'trainingLoss'
  | 'falseNegativeRate'
  | 'falsePositiveRate'
  | 'loss'

/** Options of {@link chooseRound}. */
export interface ChooseRoundOptions {
  /**
   * What to make small: a number of the report or its evaluation, or a function. @default 'density'
   */
  readonly minimise?: RoundCost | ((round: RoundReport) => number)
  /** What the round has to meet: stopping rules, or conditions on each round. @default [] */
  readonly subjectTo?: readonly (StoppingRule | RoundConstraint)[]
}

/** One row of the table of {@link chooseRound}. */
export interface ChoiceRow {
  readonly index: number
  readonly round: number
  readonly density: number
  /** The value to make small. */
  readonly value: number
  /** Per constraint, in the order given. */
  readonly meets: readonly boolean[]
  /** All constraints are met and the value is a number. */
  readonly feasible: boolean
}

/** What a choice rests on. */
export interface Grounds {
  /** Why, in words with the numbers. */
  readonly reason: string
  /** All rounds in the order given. */
  readonly table: readonly ChoiceRow[]
}

/** What {@link chooseRound} answers; look at `feasible` first. */
export type RoundChoice<R extends RoundReport> =
  | (Grounds & { readonly feasible: true; readonly round: R; readonly index: number })
  | (Grounds & { readonly feasible: false; readonly round: undefined; readonly index: undefined })

/**
 * Chooses among finished rounds: the smallest value of those that meet all constraints.
 *
 * argmin value(round) subject to every constraint; of equal values the sparser round, of equal
 * densities the later one. A stopping rule is met by the rounds that it calls feasible, or by all
 * when it names none and keeps one; whether it would have stopped before does not matter. A NaN is
 * never the smallest value.
 *
 * @param rounds At least one round, the dense one first for rules that compare with it.
 * @param options What to make small and the constraints.
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
  checkOptionNames(options, { task: 'choose a round', known: ['minimise', 'subjectTo'] })
  const { minimise = 'density', subjectTo = [] } = options
  if (!Array.isArray(rounds)) throw refuse(TypeError, 'a list of rounds', typeof rounds)
  if (!Array.isArray(subjectTo)) throw refuse(TypeError, 'a list as subjectTo', typeof subjectTo)
  if (rounds.length === 0) throw refuse(RangeError, 'at least one round', 'none')
  const measure = typeof minimise === 'function' ? minimise : costOf(minimise)
  const verdicts = subjectTo.map((constraint, position) => judge(constraint, rounds, position))
  const table = rounds.map((round, index): ChoiceRow => {
    const value = measure(round)
    if (typeof value !== 'number') {
      const wanted =
        typeof minimise === 'function'
          ? 'minimise to return a number'
          : `rounds with a number as ${minimise}`
      throw refuse(TypeError, wanted, typeof value)
    }
    const meets = verdicts.map(({ met }) => met[index]!)
    const feasible = !Number.isNaN(value) && meets.every(Boolean)
    return { index, round: round.round, density: round.density, value, meets, feasible }
  })
  const best = table.filter(({ feasible }) => feasible).sort(byValue)[0]
  if (!best)
    return {
      feasible: false,
      round: undefined,
      index: undefined,
      reason: whyNone(table, verdicts),
      table,
    }
  const { index, value } = best
  const count = table.filter(({ feasible }) => feasible).length
  const reason = `round ${best.round} has the smallest value, ${value}, of ${count} of ${rounds.length} rounds that are feasible`
  return { feasible: true, round: rounds[index]!, index, reason, table }
}

/** Smaller values first, then sparser rounds, then later ones. */
function byValue(a: ChoiceRow, b: ChoiceRow): number {
  if (a.value !== b.value) return a.value < b.value ? -1 : 1
  return a.density - b.density || b.index - a.index
}

function costOf(name: RoundCost): (round: RoundReport) => number {
  switch (name) {
    case 'density':
    case 'densityOverAll':
    case 'kept':
    case 'trainingLoss':
      return (round) => round[name]
    case 'falseNegativeRate':
    case 'falsePositiveRate':
    case 'loss':
      return ({ evaluation }) => evaluation[name]
    default:
      throw refuse(
        RangeError,
        'minimise to be a function or the name of a number of which less is better',
        String(name),
      )
  }
}

interface Verdict {
  readonly met: readonly boolean[]
  readonly words: string
}

/** Which rounds meet a constraint. */
function judge(
  constraint: StoppingRule | RoundConstraint,
  rounds: readonly RoundReport[],
  position: number,
): Verdict {
  const name = `subjectTo[${position}]`
  if (typeof constraint === 'function') {
    const decision = constraint(rounds)
    if (typeof decision?.reason !== 'string') {
      throw refuse(
        TypeError,
        `${name} to be a stopping rule or { name, holds }`,
        'a function without a decision',
      )
    }
    const { feasible, keep, reason } = decision
    return {
      met: rounds.map((_, index) => feasible?.includes(index) ?? keep !== undefined),
      words: reason,
    }
  }
  if (typeof constraint?.holds !== 'function' || typeof constraint.name !== 'string') {
    throw refuse(TypeError, `${name} to be a stopping rule or { name, holds }`, String(constraint))
  }
  const met = rounds.map((round) => constraint.holds(round))
  const odd = met.findIndex((answer) => typeof answer !== 'boolean')
  if (odd >= 0) throw refuse(TypeError, `${name}.holds to return true or false`, String(met[odd]))
  return { met, words: constraint.name }
}

function whyNone(table: readonly ChoiceRow[], verdicts: readonly Verdict[]): string {
  const parts = verdicts.map(({ met, words }) => `${met.filter(Boolean).length} meet "${words}"`)
  const numbers = table.filter(({ value }) => !Number.isNaN(value)).length
  if (numbers < table.length) parts.push(`${numbers} have a value that is a number`)
  return `none of ${table.length} rounds is feasible: ${parts.join(', ')}`
}

function refuse(kind: typeof TypeError | typeof RangeError, wanted: string, got: string): Error {
  return new kind(`Cannot choose a round: expected ${wanted}, got ${got}`)
}
