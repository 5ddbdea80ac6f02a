import { describe } from './describe.js'

/** The names in an evaluation of several sets, which any evaluation may have. */
interface NamedSets {
  readonly set?: string
  readonly sets?: Readonly<Record<string, object>>
}

/** Names of the sets of an evaluation, the first first; none where it is of one set without a name. */
export function setNames(evaluation: NamedSets | undefined): string[] {
  const { set, sets = {} } = evaluation ?? {}
  return set === undefined ? [] : [set, ...Object.keys(sets)]
}

/** The evaluation of a set by its name. Throws a TypeError where there is none. */
export function ofSet(evaluation: NamedSets | undefined, name: string, task: string): object {
  if (evaluation?.set === name) return evaluation
  const { sets = {} } = evaluation ?? {}
  if (Object.hasOwn(sets, name)) return sets[name]!
  const names = setNames(evaluation).join(', ') || 'one set without a name'
  throw new TypeError(`Cannot ${task}: expected a set among ${names}, got ${describe(name)}`)
}
