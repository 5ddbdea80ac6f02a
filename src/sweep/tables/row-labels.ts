import type { OptionCheck } from '../../internal/check-options.js'
import { describe } from '../../internal/describe.js'
import { optionError } from '../../internal/option-error.js'

/** A value that tells rows apart, such as a name, a seed or a density. */
export type RowLabel = string | number | boolean

/** Values that tell rows apart, by their names. */
export type RowLabels = Readonly<Record<string, RowLabel>>

interface Place {
  /** The caller's task, e.g. `make pairedTable`. */
  readonly task: string
  /** Place of the row in the list. */
  readonly place: number
}

/** Throws unless there are rows, all of them objects. */
export function checkRows(rows: readonly object[], task: string): void {
  if (!Array.isArray(rows)) {
    throw new TypeError(`Cannot ${task}: expected a list of rows, got ${describe(rows)}`)
  }
  if (rows.length === 0) throw new RangeError(`Cannot ${task}: expected at least one row, got none`)
  for (const [place, row] of rows.entries()) {
    if (typeof row === 'object' && row !== null && !Array.isArray(row)) continue
    throw new TypeError(
      `Cannot ${task}: expected row ${place} to be an object, got ${describe(row)}`,
    )
  }
}

/** Reads the labels of a row by their names. Throws, with the name, where one is none. */
export function labelsOf(row: object, names: readonly string[], { task, place }: Place): RowLabels {
  const labels = names.map((name): [string, RowLabel] => {
    const value: unknown = (row as Readonly<Record<string, unknown>>)[name]
    if (typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value))
      return [name, value as RowLabel]
    const wanted = `${name} of row ${place} to be a text, a finite number or a flag`
    throw new TypeError(`Cannot ${task}: expected ${wanted}, got ${describe(value)}`)
  })
  return Object.fromEntries(labels)
}

/** One text for equal labels, whatever the order of their names. */
export const keyOf = (labels: RowLabels): string =>
  JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)))

/** Labels in the words of messages and tables: `set=a, seed=1`. */
export const inWords = (labels: RowLabels): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ')

/** Parts a list by labels, in the order in which they come first; one pass over the list. */
export function grouped<T, L extends RowLabels>(
  list: readonly T[],
  labelsOf: (one: T) => L,
): { readonly labels: L; readonly members: readonly T[] }[] {
  const groups = new Map<string, { labels: L; members: T[] }>()
  for (const one of list) {
    const labels = labelsOf(one)
    const key = keyOf(labels)
    const group = groups.get(key)
    if (group) group.members.push(one)
    else groups.set(key, { labels, members: [one] })
  }
  return [...groups.values()]
}

/** Throws unless a value tells rows apart. */
export const checkLabel: OptionCheck = (value, { task, name }) => {
  const isLabel = typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)
  if (isLabel) return
  const wanted = `${name} to be a text, a finite number or a flag`
  throw optionError(new TypeError(`Cannot ${task}: expected ${wanted}, got ${describe(value)}`))
}

/** Throws unless a value is a text that names something. */
export const checkName: OptionCheck = (value, { task, name }) => {
  if (typeof value === 'string' && value !== '') return
  const wanted = `${name} to be the name of a value of the rows`
  throw optionError(new TypeError(`Cannot ${task}: expected ${wanted}, got ${describe(value)}`))
}

/** Throws unless a value is a list of names, each once. */
export const checkNames: OptionCheck = (value, { task, name }) => {
  if (!Array.isArray(value)) {
    const message = `expected ${name} to be a list of names, got ${describe(value)}`
    throw optionError(new TypeError(`Cannot ${task}: ${message}`))
  }
  for (const one of value) checkName(one, { task, name: `each of ${name}` })
  checkOnce(value, { task, name })
}

/** Throws where a name or another label is there twice. */
export function checkOnce(
  values: readonly unknown[],
  { task, name }: { readonly task: string; readonly name: string },
): void {
  const twice = values.find((value, i) => values.indexOf(value) < i)
  if (twice === undefined) return
  const wanted = `each of ${name} once`
  throw optionError(
    new RangeError(`Cannot ${task}: expected ${wanted}, got ${describe(twice)} twice`),
  )
}
