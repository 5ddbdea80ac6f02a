import type { StoppingRule } from '../types.js'

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
export function never(): StoppingRule {
  return (rounds) => {
    const keep = rounds.length > 0 ? rounds.length - 1 : undefined
    return { stop: false, reason: 'goes on to the end of the schedule', keep }
  }
}
