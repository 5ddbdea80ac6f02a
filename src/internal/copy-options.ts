import type { OptionChecks } from './check-options.js'

/**
 * A copy of options, which stays as it is where the caller changes the object later. It has all
 * options that have a check, also those that a class or a prototype gives, as a spread does not.
 */
export function copyOptions<T extends object>(options: T, checks: OptionChecks<T>): T {
  const given = options as Readonly<Record<string, unknown>>
  const values = Object.keys(checks).map((name) => [name, given[name]] as const)
  return Object.fromEntries(values.filter(([, value]) => value !== undefined)) as T
}
