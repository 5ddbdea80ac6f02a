import { describe } from './describe.js'
import { nearest } from './nearest.js'
import { optionError } from './option-error.js'

/**
 * Throws a TypeError or RangeError, in terms of the task and the option's name, for a bad value.
 */
export type OptionCheck = (
  value: unknown,
  option: { readonly task: string; readonly name: string },
) => void

/** A check that is also made where the option is left out. */
export type RequiredCheck = OptionCheck & { readonly required: true }

/** One check for each option of `T`: an option that is forgotten here does not compile. */
export type OptionChecks<T> = {
  readonly [K in keyof T]-?: Partial<T> extends Pick<T, K> ? OptionCheck : RequiredCheck
}

interface Specification<T> {
  /** The caller's task, e.g. `make focal`. */
  readonly task: string
  readonly checks: OptionChecks<T>
}

/**
 * Throws unless `options` is an object whose names are all known, since a typo would be ignored,
 * and whose values pass their checks. An option that is left out is checked if it is required.
 */
export function checkOptions<T extends object>(
  options: T,
  { task, checks }: Specification<T>,
): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    const needed = Object.entries<OptionCheck | RequiredCheck>(checks)
      .filter(([, check]) => 'required' in check)
      .map(([name]) => name)
    const names = needed.length > 0 ? ` with ${needed.join(' and ')}` : ''
    throw optionError(
      new TypeError(
        `Cannot ${task}: expected an object of options${names}, got ${describe(options)}`,
      ),
    )
  }
  const names = Object.keys(checks)
  const got = otherThing(options, names)
  if (got !== undefined)
    throw optionError(new TypeError(`Cannot ${task}: expected an object of options, got ${got}`))
  const unknown = Object.keys(options).find((name) => !names.includes(name))
  if (unknown !== undefined) throw unknownOption(unknown, { task, names })
  for (const [name, check] of Object.entries<OptionCheck | RequiredCheck>(checks)) {
    const value = (options as Readonly<Record<string, unknown>>)[name]
    if (value !== undefined || 'required' in check) check(value, { task, name })
  }
}

/** Names a thing of tfjs, or data, that stands where options belong. */
function otherThing(given: object, names: readonly string[]): string | undefined {
  if ('dataId' in given) return 'a tensor; was a factory not called?'
  const { predict, iterator } = given as { predict?: unknown; iterator?: unknown }
  const isOwn = (name: string) => names.includes(name)
  if (typeof predict === 'function' && !isOwn('predict')) return `a model; ${ORDER}`
  if (typeof iterator === 'function' && !isOwn('iterator')) return `a dataset; ${ORDER}`
  if ('xs' in given && 'ys' in given && !isOwn('xs')) return `data, { xs, ys }; ${ORDER}`
  return undefined
}

const ORDER = 'are the arguments in their order?'

function unknownOption(got: string, { task, names }: { task: string; names: readonly string[] }) {
  const meant = nearest(got, names)
  const hint = meant === undefined ? '' : `: did you mean ${meant}?`
  const wanted = `options among ${names.join(', ')}`
  return optionError(new TypeError(`Cannot ${task}: expected ${wanted}, got ${got}${hint}`))
}
