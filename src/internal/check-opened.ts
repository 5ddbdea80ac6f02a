import { describe } from './describe.js'

interface Wanted {
  /** The caller's task, e.g. `prune`. */
  readonly task: string
  /** The function that opened it, in words, e.g. `open of the store`. */
  readonly opener: string
  /** Functions that it has. */
  readonly methods: readonly string[]
  /** Lists that it has. */
  readonly lists?: readonly string[]
}

/** Throws a TypeError where a caller's own function opened no such thing. */
export function checkOpened(opened: unknown, { task, opener, methods, lists = [] }: Wanted): void {
  const members = Object(opened) as Readonly<Record<string, unknown>>
  const lacking =
    methods.find((name) => typeof members[name] !== 'function') ??
    lists.find((name) => !Array.isArray(members[name]))
  if (lacking === undefined) return
  const isThere = typeof opened === 'object' && opened !== null
  const got = isThere ? `one with ${describe(members[lacking])} as ${lacking}` : describe(opened)
  throw new TypeError(
    `Cannot ${task}: expected ${opener} to give an object with ${[...lists, ...methods].join(', ')}, got ${got}`,
  )
}
