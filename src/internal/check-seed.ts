import type { OptionCheck } from './check-options.js'

/** Throws unless `value` is a whole number. */
export const checkSeed: OptionCheck = (value, { task, name }) => {
  if (typeof value !== 'number')
    throw new TypeError(`Cannot ${task}: expected a number as ${name}, got ${typeof value}`)
  if (!Number.isSafeInteger(value))
    throw new RangeError(`Cannot ${task}: expected a whole number as ${name}, got ${value}`)
}
