import { describe } from './describe.js'
import { optionError } from './option-error.js'

/** Throws a TypeError unless an option is a function. */
export function checkFunction(
  value: unknown,
  { task, name }: { task: string; name: string },
): void {
  if (typeof value === 'function') return
  throw optionError(
    new TypeError(`Cannot ${task}: expected a function as ${name}, got ${describe(value)}`),
  )
}
