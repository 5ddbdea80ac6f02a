import type { CopyPlaces, Matrix } from './engine.js'

/**
 * Writes the rows from `top` on and the columns from `left` on of a matrix as `[columns, rows]`.
 */
export function transpose(
  heap: Float32Array,
  { matrix: { rows, columns }, top, left }: { matrix: Matrix; top: number; left: number },
  { from, to }: CopyPlaces,
): void {
  for (let row = top; row < rows; row++) {
    for (let column = left; column < columns; column++)
      heap[to + column * rows + row] = heap[from + row * columns + column]!
  }
}
