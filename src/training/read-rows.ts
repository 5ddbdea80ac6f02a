import { describe } from '../internal/describe.js'
import type { Rows } from '../types.js'

type List = ArrayLike<unknown>

/**
 * Reads nested arrays, typed ones among them, in one pass. Throws a TypeError that names the row if
 * a list is longer or shorter than the first one beside it, or holds something else than numbers or
 * true and false, and a RangeError for a number that is not finite as float32.
 */
export function readRows(rows: List, task: string): Rows {
  const shape = shapeOf(rows)
  const values = new Float32Array(shape.reduce((product, side) => product * side, 1))
  const path: number[] = []
  let at = 0
  const read = (list: unknown, depth: number) => {
    if (!isList(list) || list.length !== shape[depth]) throw odd(rows, path, { task, list, shape })
    if (depth < shape.length - 1) {
      for (let i = 0; i < list.length; i++) {
        path[depth] = i
        read(list[i], depth + 1)
      }
      path.length = depth
      return
    }
    for (let i = 0; i < list.length; i++) {
      const value = list[i]
      if (typeof value === 'number' || typeof value === 'boolean') {
        values[at] = Number(value)
        if (Number.isFinite(values[at++])) continue
      }
      throw held(value, { task, row: path[0] ?? i })
    }
  }
  read(rows, 0)
  return { values, shape }
}

/** Lengths of the first list, of the first list in it, and so on. */
function shapeOf(rows: unknown): number[] {
  return isList(rows) ? [rows.length, ...(rows.length > 0 ? shapeOf(rows[0]) : [])] : []
}

function isList(value: unknown): value is List {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView))
}

/** The error for a value that is no number of a row. */
export function held(
  value: unknown,
  { task, row }: { readonly task: string; readonly row: number },
): Error {
  const [Kind, got] = typeof value === 'number' ? [RangeError, value] : [TypeError, describe(value)]
  return new Kind(
    `Cannot ${task}: expected finite numbers in xs, all rows of one shape, got ${got} in row ${row}`,
  )
}

interface Odd {
  readonly task: string
  readonly list: unknown
  readonly shape: readonly number[]
}

/** The error for a list at `path` that is not as long as the others, or no list. */
function odd(rows: List, path: readonly number[], { task, list, shape }: Odd): Error {
  const [row = 0, ...inside] = path
  const place = inside.length > 0 ? ` at [${inside.join('][')}]` : ''
  const refuse = (got: string) =>
    new TypeError(`Cannot ${task}: expected rows of one length in xs, got ${got}`)
  if (!isList(list)) return refuse(`${describe(list)} in place of row ${row}${place}`)
  let [name, own, others] = [row, list.length, shape[path.length]!]
  // The first row may be the odd one: the third one says which it is.
  if (row === 1 && place === '' && (rows[2] as List | undefined)?.length === own)
    [name, own, others] = [0, others, own]
  const values = own === 1 ? 'value' : 'values'
  return refuse(`${own} ${values} in row ${name}${place}, the others hold ${others}`)
}
