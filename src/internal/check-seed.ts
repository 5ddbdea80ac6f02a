import type { OptionCheck } from './check-options.js'
import { optionError } from './option-error.js'

/** Throws unless `value` is a whole number. */
export const checkSeed: OptionCheck = (value, { task, name }) => {
  if (typeof value !== 'number')
    throw optionError(
      new TypeError(`Cannot ${task}: expected a number as ${name}, got ${typeof value}`),
    )
  if (!Number.isSafeInteger(value))
    throw optionError(
      new RangeError(`Cannot ${task}: expected a whole number as ${name}, got ${value}`),
    )
}
