import type { Engine } from '../engine/engine.js'
import { panelsOf } from '../engine/panels.js'

/** A matrix in panels, the second operand of products. */
export interface Packed {
  readonly place: number
  readonly rows: number
  readonly columns: number
}

/** A matrix of the heap, and what lies from one row of it to the next. */
interface Source {
  readonly from: number
  readonly rows: number
  readonly columns: number
  readonly step: number
}

/** Copies a matrix into panels at `place`. */
export function pack(
  { copyRows }: Engine,
  { from, rows, columns, step }: Source,
  place: number,
): Packed {
  for (const { from: first, length } of panelsOf(columns)) {
    copyRows(
      { rows, length, fromStep: step, toStep: length },
      { from: from + first, to: place + first * rows },
    )
  }
  return { place, rows, columns }
}

/** c = or += a b, with a row of b for each `innerStep` in a row of a. */
interface Factor {
  readonly a: number
  readonly rows: number
  readonly rowStep: number
  readonly innerStep: number
  readonly c: number
  readonly cStep: number
  readonly accumulate: boolean
}

/** Rows of b at once, so that a panel of them stays in the first-level cache. */
const innerAtOnce = 256

/** The product of a matrix and one in panels. */
export function multiplyPacked({ gemm }: Engine, b: Packed, factor: Factor): void {
  const { a, rows, rowStep, innerStep, c, cStep, accumulate } = factor
  for (const { from: first, length } of panelsOf(b.columns)) {
    for (let start = 0; start < b.rows; start += innerAtOnce) {
      const work = {
        rows,
        columns: length,
        outer: 1,
        middle: 1,
        inner: Math.min(innerAtOnce, b.rows - start),
        rowStep,
        outerStep: 0,
        middleStep: 0,
        innerStep,
        bStep: length,
        cStep,
        accumulate: accumulate || start > 0,
      }
      const panel = b.place + first * b.rows + start * length
      gemm(work, { a: a + start * innerStep, b: panel, c: c + first })
    }
  }
}
