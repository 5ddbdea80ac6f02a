import { describe } from './describe.js'
import { optionError } from './option-error.js'

interface Rule {
  /** The caller's task, e.g. `train`. */
  readonly task: string
  /** Name of the option. */
  readonly name: string
  /** A function as a caller writes it, for those who hand in something else. */
  readonly example?: string
}

/** Throws a TypeError unless an option is a function. */
export function checkFunction(value: unknown, { task, name, example }: Rule): void {
  if (typeof value === 'function') return
  const wanted = `a function as ${name}${example ? `, such as ${example}` : ''}`
  throw optionError(new TypeError(`Cannot ${task}: expected ${wanted}, got ${describe(value)}`))
}
