import { checkFunction } from '../internal/check-function.js'
import type { Criterion } from '../types.js'

/**
 * Throws unless a criterion says in a known way with which weights, and in how many steps, it
 * scores.
 */
export function checkScoring({ at = 'trained', steps = 1, compensate }: Criterion): void {
  if (compensate !== undefined) checkFunction(compensate, { task: 'score', name: 'compensate' })
  if (compensate && (steps > 1 || at === 'initial')) {
    const got = `${steps} steps and ${at} ones`
    throw new RangeError(
      `Cannot score: expected one step and trained weights of a criterion that compensates, got ${got}`,
    )
  }
  if (at !== 'trained' && at !== 'initial') {
    throw new RangeError(`Cannot score: expected trained or initial as at, got ${String(at)}`)
  }
  if (Number.isSafeInteger(steps) && steps >= 1) return
  throw new RangeError(
    `Cannot score: expected a whole number of at least 1 as steps, got ${String(steps)}`,
  )
}
