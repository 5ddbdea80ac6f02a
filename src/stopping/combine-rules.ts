import { checkFunctionPiece, refuseFactory } from '../internal/check-piece.js'
import { describe } from '../internal/describe.js'
import type { Evaluation, RoundReport, StoppingDecision, StoppingRule } from '../types.js'
import { tellRule } from './tell-rule.js'
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
 * @throws {TypeError} If one is no function, or a factory that was not called.
 *
 * @example
 * ```ts
 * import { anyOf, densityReached, falseNegativesAtMost } from 'tfjs-prune'
 *
 * const rule = anyOf(falseNegativesAtMost(3), densityReached(0.05))
 * if (rule([]).stop) throw new Error('no round is finished')
 * ```
 */
export function anyOf<E = Evaluation>(...rules: readonly StoppingRule<E>[]): StoppingRule<E> {
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
 * @throws {TypeError} If one is no function, or a factory that was not called.
 *
 * @example
 * ```ts
 * import { allOf, densityReached, falseNegativeRateAtMost } from 'tfjs-prune'
 *
 * const rule = allOf(falseNegativeRateAtMost(0.1), densityReached(0.1))
 * if (rule([]).stop) throw new Error('no round is finished')
 * ```
 */
export function allOf<E = Evaluation>(...rules: readonly StoppingRule<E>[]): StoppingRule<E> {
  return combine('allOf', rules, (decisions) => decisions.every(({ stop }) => stop))
}

function combine<E>(
  name: string,
  rules: readonly StoppingRule<E>[],
  stops: (decisions: readonly StoppingDecision[]) => boolean,
): StoppingRule<E> {
  if (rules.length === 0)
    throw new RangeError(`Cannot combine rules with ${name}: expected at least one, got none`)
  const task = `combine rules with ${name}`
  for (const [index, rule] of rules.entries()) {
    const option = { task, name: `rule ${index}`, kind: 'a stopping rule' } as const
    checkFunctionPiece(rule, option)
    refuseFactory(rule, [[]], option)
  }
  return tellRule(
    (rounds) => {
      const decisions = rules.map((rule, index) => {
        const decision = rule(rounds)
        if (typeof decision?.stop === 'boolean') return decision
        const wanted = `rule ${index} to return { stop, reason, keep }`
        throw new TypeError(`Cannot ${task}: expected ${wanted}, got ${describe(decision)}`)
      })
      const feasible = [...rounds.keys()].filter((index) =>
        decisions.every((decision) => accepts(decision, index)),
      )
      const stop = stops(decisions)
      const speaking = decisions.filter((decision) => !stop || decision.stop)
      const latest = join(speaking.map((decision) => decision.latest ?? decision.reason))
      return { stop, latest, feasible, ...choose({ rules, rounds, decisions, feasible }) }
    },
    [name, ...rules],
  )
}

/** A rule without a list accepts every round, unless it found none to keep. */
function accepts({ feasible, keep }: StoppingDecision, index: number): boolean {
  return feasible ? feasible.includes(index) : keep !== undefined
}

interface Choice<E> {
  readonly rules: readonly StoppingRule<E>[]
  readonly rounds: readonly RoundReport<E>[]
  readonly decisions: readonly StoppingDecision[]
  readonly feasible: readonly number[]
}

/** The round to keep, and why. */
function choose<E>(choice: Choice<E>): Pick<StoppingDecision, 'keep' | 'reason'> {
  const { rounds, decisions, feasible } = choice
  const wanted = decisions.find(({ keep }) => keep !== undefined && feasible.includes(keep))
  if (wanted) {
    const { keep } = wanted
    const reasons = reasonsFor(keep!, choice)
    const others = reasons.length < decisions.length ? ', which all rules accept' : ''
    return { keep, reason: join(reasons) + others }
  }
  const keep = sparsest(rounds, feasible)
  if (keep === undefined) return { keep, reason: join(decisions.map(({ reason }) => reason)) }
  const reason = `round ${keep} is the sparsest of ${feasible.length} that all rules accept`
  return { keep, reason: join([reason, ...reasonsFor(keep, choice)]) }
}

/**
 * The reasons for one round. A budget that would keep a later one is asked about the rounds up to
 * it, so that its numbers are those of the round that is kept.
 */
function reasonsFor<E>(keep: number, { rules, rounds, decisions }: Choice<E>): string[] {
  return rules.flatMap((rule, index) => {
    const decision = decisions[index]!
    if (decision.keep === keep) return [decision.reason]
    const { feasible, keep: own, reason } = rule(rounds.slice(0, keep + 1))
    return feasible && own === keep ? [reason] : []
  })
}

/** The sentences, each once. */
function join(sentences: readonly string[]): string {
  return [...new Set(sentences)].join('; ')
}
