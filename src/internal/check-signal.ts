import type { OptionCheck } from './check-options.js'
import { describe } from './describe.js'
import { optionError } from './option-error.js'

/** Throws a TypeError unless `value` is an AbortSignal. */
export const checkSignal: OptionCheck = (value, { task, name }) => {
  if (typeof (value as AbortSignal | null)?.throwIfAborted === 'function') return
  throw optionError(
    new TypeError(`Cannot ${task}: expected an AbortSignal as ${name}, got ${describe(value)}`),
  )
}
