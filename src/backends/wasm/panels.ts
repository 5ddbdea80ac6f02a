import { floatsOf, type WasmBackend, withScratch } from './backend.js'

/** Some columns of a matrix. */
export interface Panel {
  readonly from: number
  readonly length: number
}

/**
 * Cuts the columns of a matrix into panels. Stored one after the other, each as a matrix of its own, they are read from
 * end to end; a panel then begins at its first column times the number of rows.
 */
export function panelsOf(columns: number): Panel[] {
  return Array.from({ length: Math.ceil(columns / 16) }, (_, index) => ({
    from: index * 16,
    length: Math.min(16, columns - index * 16),
  }))
}

/** Runs `work` with the place of a copy of a matrix in panels. */
export function withPanels(
  backend: WasmBackend,
  { from, rows, columns }: { from: number; rows: number; columns: number },
  work: (place: number) => void,
): void {
  const panels = panelsOf(columns)
  if (panels.length === 1) {
    work(from)
    return
  }
  withScratch(backend, rows * columns, (place) => {
    const heap = floatsOf(backend)
    for (const panel of panels) {
      let to = place + panel.from * rows
      for (let row = from + panel.from; row < from + rows * columns; row += columns) {
        for (let column = row; column < row + panel.length; column++) heap[to++] = heap[column]!
      }
    }
    work(place)
  })
}
