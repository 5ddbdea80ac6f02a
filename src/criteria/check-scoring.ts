import { checkFunction } from '../internal/check-function.js'
import { describe } from '../internal/describe.js'
import type { Criterion } from '../types.js'

/**
 * Throws unless the parts of a criterion are sound: with which weights and in how many steps it
 * scores, how it gathers its statistics, how it compensates.
 */
export function checkScoring(criterion: Criterion): void {
  const { needs = [], gather, at = 'trained', steps = 1, compensate } = criterion
  const parts = needs.includes('movement') ? { 'gather.movement': gather?.movement } : {}
  for (const [name, part] of Object.entries(needs.length > 0 ? { gather, ...parts } : {})) {
    if (typeof part === 'function') continue
    const wanted = `a criterion with needs to carry ${name}, as those of needing() do`
    throw new TypeError(`Cannot score: expected ${wanted}, got ${describe(part)}`)
  }
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
