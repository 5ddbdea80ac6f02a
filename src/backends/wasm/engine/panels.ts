import { type WasmBackend, withScratch } from './backend.js'
import { engineOf } from './engine-of.js'

/** Some columns of a matrix. */
export interface Panel {
  readonly from: number
  readonly length: number
}

/**
 * Cuts the columns of a matrix into panels. Stored one after the other, each as a matrix of its
 * own, they are read from end to end; a panel then begins at its first column times the number of
 * rows.
 */
export function panelsOf(columns: number): Panel[] {
  return Array.from({ length: Math.ceil(columns / 16) }, (_, index) => ({
    from: index * 16,
    length: Math.min(16, columns - index * 16),
  }))
}

/** A matrix on the heap, or the matrix of which it holds the transpose. */
interface Stored {
  readonly from: number
  readonly rows: number
  readonly columns: number
  /** @default false */
  readonly transposed?: boolean
}

/** Runs `work` with the place of a matrix in panels, which is a copy where need be. */
export function withPanels(
  backend: WasmBackend,
  matrix: Stored,
  work: (place: number) => void,
): void {
  const { from, rows, columns, transposed = false } = matrix
  const panels = panelsOf(columns)
  if (panels.length === 1 && !transposed) {
    work(from)
    return
  }
  withScratch(backend, rows * columns, (place) => {
    const { transpose, copyRows } = engineOf(backend)
    for (const { from: first, length } of panels) {
      const to = place + first * rows
      if (transposed) transpose({ rows: length, columns: rows }, { from: from + first * rows, to })
      else copyRows({ rows, length, fromStep: columns, toStep: length }, { from: from + first, to })
    }
    work(place)
  })
}
