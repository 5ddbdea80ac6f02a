import { sizeOf } from '../../internal/size-of.js'

/** The places of a weight, put in order and cut into rows of equal length. */
export interface Rows {
  /** Number of rows. */
  readonly count: number
  /** Places of a row. */
  readonly length: number
  /** Flat index of the first place of row r: r * start. */
  readonly start: number
  /** Difference of the flat indices of two neighbours in a row. */
  readonly step: number
}

/**
 * The layouts of rows: the whole weight as one, one for each run of the last axis, one for each
 * place on it.
 */
export type RowKind = 'whole' | 'rows' | 'columns'

/** The rows of a weight. */
export function rowsOf(kind: RowKind, shape: readonly number[]): Rows {
  const size = sizeOf(shape)
  const last = shape.at(-1) ?? 1
  if (kind === 'whole') return { count: 1, length: size, start: 0, step: 1 }
  if (kind === 'rows') return { count: size / last, length: last, start: last, step: 1 }
  return { count: last, length: size / last, start: 1, step: last }
}

/** Whether rows or columns of a weight are more than one and longer than one. */
export function hasRows(shape: readonly number[]): boolean {
  const size = sizeOf(shape)
  const last = shape.at(-1) ?? 1
  return last > 1 && last < size
}

/** The row of a place. */
export function rowOf(flat: number, { count, length, step }: Rows): number {
  if (step > 1) return flat % count
  return count === 1 ? 0 : Math.floor(flat / length)
}
