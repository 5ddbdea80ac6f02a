import type { StoppingRule } from '../types.js'
import { NO_ROUND } from './no-round.js'
import { tellRule } from './tell-rule.js'

/**
 * Never stops before the schedule ends, and keeps the last round.
 *
 * @returns A stopping rule that accepts every round.
 *
 * @example
 * ```ts
 * import { never } from 'tfjs-prune'
 *
 * if (never()([]).stop) throw new Error('it goes on')
 * ```
 */
export function never(): StoppingRule<object> {
  return tellRule(
    (rounds) => {
      if (rounds.length === 0) return NO_ROUND
      const keep = rounds.length - 1
      const latest = 'goes on to the end of the schedule'
      return { stop: false, reason: `round ${keep} is the last`, latest, keep }
    },
    ['never'],
  )
}
