import { describe } from '../../internal/describe.js'

interface Figure {
  /** The caller's task, e.g. `make pairedTable`. */
  readonly task: string
  readonly figure: string
  /** The row in words, such as `system=plain, seed=1`. */
  readonly row: string
}

/** A figure of a row. Throws, with its name and its row, where it is no finite number. */
export function figureOf(value: unknown, { task, figure, row }: Figure): number {
  if (Number.isFinite(value)) return value as number
  const wanted = `${figure} of ${row} to be a finite number`
  const message = `Cannot ${task}: expected ${wanted}, got ${describe(value)}`
  const isNoNumber = typeof value !== 'number' && value !== null
  throw isNoNumber ? new TypeError(message) : new RangeError(message)
}
