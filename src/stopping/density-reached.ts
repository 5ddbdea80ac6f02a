import { optionError } from '../internal/option-error.js'
import type { StoppingRule } from '../types.js'
import { NO_ROUND } from './no-round.js'
import { tellRule } from './tell-rule.js'

/**
 * Stops as soon as the density over the prunable weights is at or below a wanted one, but for half
 * an element of each weight, and keeps that round.
 *
 * It accepts every round: it says when to stop, not which round is good.
 *
 * @param density Wanted density in (0, 1].
 * @returns A stopping rule.
 * @throws {RangeError} If the density is outside (0, 1].
 *
 * @example
 * ```ts
 * import { densityReached } from 'tfjs-prune'
 *
 * if (densityReached(0.1)([]).stop) throw new Error('no round is finished')
 * ```
 */
export function densityReached(density: number): StoppingRule<object> {
  if (typeof density !== 'number') {
    throw optionError(
      new TypeError(`Cannot stop at a density: expected a number, got ${String(density)}`),
    )
  }
  if (!(density > 0 && density <= 1)) {
    throw optionError(
      new RangeError(`Cannot stop at a density: expected one in (0, 1], got ${density}`),
    )
  }
  return tellRule(
    (rounds) => {
      const last = rounds.at(-1)
      if (!last) return NO_ROUND
      const keep = rounds.length - 1
      const reason = `density ${last.density.toPrecision(3)} against the wanted ${density}`
      // Weights hold whole elements: each may miss its share by half of one.
      const rounding = (last.weights.length / 2) * (last.density / last.kept)
      return { stop: last.density <= density + rounding, reason, keep }
    },
    ['densityReached', density],
  )
}
