import { quietPromise } from '../internal/quiet-promise.js'
import type { RoundReport, StoppingDecision, StoppingRule } from '../types.js'

/** Asks a rule about rounds. Throws a TypeError unless it answers with a decision. */
export function askRule(stop: StoppingRule, rounds: readonly RoundReport[]): StoppingDecision {
  const decision = stop(rounds)
  if (typeof decision?.stop === 'boolean') return decision
  const got = quietPromise(decision) ? 'a promise' : JSON.stringify(decision)
  throw new TypeError(`Cannot stop: expected the rule to return { stop, reason, keep }, got ${got}`)
}
