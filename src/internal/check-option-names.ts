import { describe } from './describe.js'

/**
 * Throws a TypeError unless `options` is an object, or for an option that does not exist: a typo
 * would be ignored.
 */
export function checkOptionNames(
  options: unknown,
  { task, known }: { task: string; known: readonly string[] },
): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    const got = describe(options)
    throw new TypeError(`Cannot ${task}: expected an object of options, got ${got}`)
  }
  if ('dataId' in options) {
    throw new TypeError(
      `Cannot ${task}: expected an object of options, got a tensor; was a factory not called?`,
    )
  }
  const unknown = Object.keys(options).find((name) => !known.includes(name))
  if (unknown === undefined) return
  throw new TypeError(`Cannot ${task}: expected options among ${known.join(', ')}, got ${unknown}`)
}
