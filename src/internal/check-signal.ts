import type { OptionCheck } from './check-options.js'
import { describe } from './describe.js'

/** Throws a TypeError unless `value` is an AbortSignal. */
export const checkSignal: OptionCheck = (value, { task, name }) => {
  if (typeof (value as AbortSignal | null)?.throwIfAborted === 'function') return
  throw new TypeError(`Cannot ${task}: expected an AbortSignal as ${name}, got ${describe(value)}`)
}
