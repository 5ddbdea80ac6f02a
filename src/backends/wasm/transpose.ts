const tile = 16

/** Writes a matrix of `[rows, columns]` on the heap as `[columns, rows]`, in tiles that stay in the cache. */
export function transpose(
  heap: Float32Array,
  { from, to }: { from: number; to: number },
  [rows, columns]: readonly [number, number],
): void {
  for (let top = 0; top < rows; top += tile) {
    const bottom = Math.min(top + tile, rows)
    for (let column = 0; column < columns; column++) {
      for (let row = top; row < bottom; row++) heap[to + column * rows + row] = heap[from + row * columns + column]!
    }
  }
}
