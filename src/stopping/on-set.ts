import { checkFunctionPiece, refuseFactory } from '../internal/check-piece.js'
import { describe } from '../internal/describe.js'
import { ofSet } from '../internal/named-set.js'
import type { Evaluation, StoppingRule } from '../types.js'
import { tellRule } from './tell-rule.js'

/**
 * Lets a rule look at one of several named sets.
 *
 * With `evaluate: { validation, test }` rules look at the first set, `validation`; `onSet('test',
 * rule)` looks at another. Report a set that a rule has looked at as one that chose the round.
 *
 * @param name Name of the set in `evaluate`.
 * @param rule A stopping rule.
 * @returns A stopping rule, whose reasons name the set.
 * @throws {TypeError} If the name is no text, or the rule no function or a factory that was not
 *   called. The rule throws a TypeError where the rounds have no such set; a run that tries it
 *   before training refuses it then.
 *
 * @example
 * ```ts
 * import { falseNegativesAtMost, onSet } from 'tfjs-prune'
 *
 * const rule = onSet('test', falseNegativesAtMost(3))
 * if (rule([]).stop) throw new Error('no round is finished')
 * ```
 */
export function onSet<E extends object = Evaluation>(
  name: string,
  rule: StoppingRule<E>,
): StoppingRule<E> {
  const task = 'look at a set'
  if (typeof name !== 'string')
    throw new TypeError(`Cannot ${task}: expected the name of a set, got ${describe(name)}`)
  const piece = { task, name: 'rule', kind: 'a stopping rule' } as const
  checkFunctionPiece(rule, piece)
  refuseFactory(rule, [[]], piece)
  return tellRule(
    (rounds) => {
      const onName = rounds.map((round) => {
        return { ...round, evaluation: ofSet(round.evaluation, name, task) as E }
      })
      const { reason, latest, ...decision } = rule(onName)
      const named = (text: string) => `on ${name}: ${text}`
      return { ...decision, reason: named(reason), ...(latest && { latest: named(latest) }) }
    },
    ['onSet', name, rule],
  )
}
