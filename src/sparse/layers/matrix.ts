import type { SparseMatrix } from '../network/network.js'
import type { SparseWeight } from '../network/source.js'

/** Row and column of an element, by its row-major place in the weight. */
export type PlaceOf = (position: number) => readonly [row: number, column: number]

/** The matrix of a weight, without its zeros. */
export function matrixOf(
  { positions, values }: SparseWeight,
  { rows, columns }: { rows: number; columns: number },
  placeOf: PlaceOf,
): SparseMatrix {
  const starts = new Uint32Array(rows + 1)
  for (let i = 0; i < values.length; i++)
    if (values[i] !== 0) starts[placeOf(positions?.[i] ?? i)[0] + 1]!++
  for (let row = 0; row < rows; row++) starts[row + 1]! += starts[row]!
  const kept = starts[rows]!
  const matrix = { rows, columns, starts, ...emptyEntries(kept) }
  const next = starts.slice(0, rows)
  for (let i = 0; i < values.length; i++) {
    if (values[i] === 0) continue
    const [row, column] = placeOf(positions?.[i] ?? i)
    const at = next[row]!++
    matrix.indices[at] = column
    matrix.values[at] = values[i]!
  }
  for (let row = 0; row < rows; row++) sortRow(matrix, starts[row]!, starts[row + 1]!)
  return matrix
}

/** Of a weight whose last axis holds the rows and whose others, together, hold the columns. */
export function transposedMatrix(weight: SparseWeight): SparseMatrix {
  const rows = weight.shape.at(-1)!
  const columns = weight.shape.slice(0, -1).reduce((product, side) => product * side, 1)
  return matrixOf(weight, { rows, columns }, (position) => [
    position % rows,
    Math.floor(position / rows),
  ])
}

/** All elements of a weight, zeros included. */
export function denseValues({ shape, positions, values }: SparseWeight): Float32Array {
  if (!positions) return values
  const all = new Float32Array(shape.reduce((product, side) => product * side, 1))
  for (let i = 0; i < positions.length; i++) all[positions[i]!] = values[i]!
  return all
}

function emptyEntries(count: number): { indices: Uint32Array; values: Float32Array } {
  return { indices: new Uint32Array(count), values: new Float32Array(count) }
}

/** Sorts the entries from `start` to `end` by column, where they are not sorted yet. */
function sortRow({ indices, values }: SparseMatrix, start: number, end: number): void {
  let sorted = true
  for (let k = start + 1; k < end; k++) sorted &&= indices[k]! > indices[k - 1]!
  if (sorted) return
  const entries = Array.from({ length: end - start }, (_, k) => start + k)
  entries.sort((a, b) => indices[a]! - indices[b]!)
  const columns = entries.map((k) => indices[k]!)
  const numbers = entries.map((k) => values[k]!)
  indices.set(columns, start)
  values.set(numbers, start)
}
