import type { OptionCheck } from '../../internal/check-options.js'
import { describe } from '../../internal/describe.js'
import { optionError } from '../../internal/option-error.js'
import type { Runner } from '../runner.js'

/** Throws a TypeError unless `value` is a runner. */
export const checkRunner: OptionCheck = (value, { task, name }) => {
  if (typeof (value as Partial<Runner> | null)?.run === 'function') return
  const got = typeof value === 'function' ? 'a function; was it not called?' : describe(value)
  const wanted = `a runner, such as inProcess(), as ${name}`
  throw optionError(new TypeError(`Cannot ${task}: expected ${wanted}, got ${got}`))
}
