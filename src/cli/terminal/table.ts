import Table from 'cli-table3'
import type { Colors } from 'picocolors/types'

/** A column of a table; numbers stand on the right. */
export interface Column {
  readonly heading: string
  readonly align?: 'left' | 'right'
}

/** Draws a table as text. */
export function tableText(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  colours: Colors,
): string {
  const table = new Table({
    head: columns.map(({ heading }) => colours.bold(heading)),
    colAligns: columns.map(({ align = 'right' }) => align),
    style: { head: [], border: [], compact: true },
  })
  table.push(...rows.map((row) => [...row]))
  return table.toString()
}
