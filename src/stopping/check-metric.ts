import { describe } from '../internal/describe.js'

/** Throws unless a value that a rule watches is a number: the evaluation may not fit the rule. */
export function checkMetric(value: unknown, task: string): number {
  if (typeof value === 'number') return value
  const wanted = 'an evaluation that fits the rule, with a number to watch'
  throw new TypeError(`Cannot ${task}: expected ${wanted}, got ${describe(value)}`)
}
