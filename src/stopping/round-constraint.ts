import type { RoundReport, StoppingRule } from '../types.js'
import { refuseChoice } from './refuse-choice.js'

/** A condition on each round by itself. */
export interface RoundConstraint {
  /** For the table and the reason, e.g. `at most 50 kB`. */
  readonly name: string
  /** Whether a round may be chosen. */
  readonly holds: (round: RoundReport) => boolean
}

/** The rounds that meet a constraint, and the constraint in words. */
export interface Verdict {
  readonly met: readonly boolean[]
  readonly words: string
}

/** Finds the rounds that meet a constraint. */
export function judge(
  constraint: StoppingRule | RoundConstraint,
  rounds: readonly RoundReport[],
  position: number,
): Verdict {
  const name = `subjectTo[${position}]`
  if (typeof constraint === 'function') {
    const decision = constraint(rounds)
    if (typeof decision?.reason !== 'string') {
      throw refuseChoice(
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
    throw refuseChoice(
      TypeError,
      `${name} to be a stopping rule or { name, holds }`,
      String(constraint),
    )
  }
  const met = rounds.map((round) => constraint.holds(round))
  const odd = met.findIndex((answer) => typeof answer !== 'boolean')
  if (odd >= 0)
    throw refuseChoice(TypeError, `${name}.holds to return true or false`, String(met[odd]))
  return { met, words: constraint.name }
}
