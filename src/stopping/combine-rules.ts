import type { RoundReport, StoppingDecision, StoppingRule } from '../types.js'
import { sparsest } from './within-budget.js'

/**
 * Stops as soon as one of the rules says so.
 *
 * The kept round meets every rule: it is the choice of the first rule whose choice all others
 * accept, or else the sparsest round that all accept. Sibling of {@link allOf}, which stops later
 * and keeps by the same words.
 *
 * @param rules At least one rule.
 * @returns A stopping rule.
 * @throws {RangeError} If there is no rule.
 *
 * @example
 * ```ts
 * import { anyOf, densityReached, falseNegativesAtMost } from 'tfjs-prune'
 *
 * const rule = anyOf(falseNegativesAtMost(3), densityReached(0.05))
 * if (rule([]).stop) throw new Error('no round is finished')
 * ```
 */
export function anyOf(...rules: readonly StoppingRule[]): StoppingRule {
  return combine('anyOf', rules, (decisions) => decisions.some(({ stop }) => stop))
}

/**
 * Stops when all of the rules say so.
 *
 * The kept round meets every rule, as with {@link anyOf}.
 *
 * @param rules At least one rule.
 * @returns A stopping rule.
 * @throws {RangeError} If there is no rule.
 *
 * @example
 * ```ts
 * import { allOf, densityReached, falseNegativeRateAtMost } from 'tfjs-prune'
 *
 * const rule = allOf(falseNegativeRateAtMost(0.1), densityReached(0.1))
 * if (rule([]).stop) throw new Error('no round is finished')
 * ```
 */
export function allOf(...rules: readonly StoppingRule[]): StoppingRule {
  return combine('allOf', rules, (decisions) => decisions.every(({ stop }) => stop))
}

function combine(
  name: string,
  rules: readonly StoppingRule[],
  stops: (decisions: readonly StoppingDecision[]) => boolean,
): StoppingRule {
  if (rules.length === 0)
    throw new RangeError(`Cannot combine rules with ${name}: expected at least one, got none`)
  const refuse = (index: number, got: string) =>
    new TypeError(`Cannot combine rules with ${name}: expected a rule at ${index}, got ${got}`)
  for (const [index, rule] of rules.entries())
    if (typeof rule !== 'function') throw refuse(index, typeof rule)
  return (rounds) => {
    const decisions = rules.map((rule, index) => {
      const decision = rule(rounds)
      if (typeof decision?.stop === 'boolean') return decision
      throw refuse(
        index,
        typeof decision === 'function' ? 'a function that makes one: call it' : typeof decision,
      )
    })
    const feasible = [...rounds.keys()].filter((index) =>
      decisions.every((decision) => accepts(decision, index)),
    )
    const stop = stops(decisions)
    const speaking = decisions.filter((decision) => !stop || decision.stop)
    const reason = speaking.map((decision) => decision.reason).join('; ')
    return { stop, reason, keep: choose(rounds, decisions, feasible), feasible }
  }
}

/** A rule without a list accepts every round, unless it found none to keep. */
function accepts({ feasible, keep }: StoppingDecision, index: number): boolean {
  return feasible ? feasible.includes(index) : keep !== undefined
}

function choose(
  rounds: readonly RoundReport[],
  decisions: readonly StoppingDecision[],
  feasible: readonly number[],
): number | undefined {
  const wanted = decisions.find(({ keep }) => keep !== undefined && feasible.includes(keep))
  return wanted ? wanted.keep : sparsest(rounds, feasible)
}
