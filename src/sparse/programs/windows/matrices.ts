import type { SparseMatrix, Window } from '../../network/network.js'
import type { Run } from '../layout/layouts.js'

/** A window of one pixel. */
export const onePixel: Window = {
  size: [1, 1],
  strides: [1, 1],
  dilations: [1, 1],
  padding: [
    [0, 0],
    [0, 0],
  ],
}

/** Row and column of a place of the window, before strides, and its channel. */
export function windowPlace(
  { size, dilations }: Window,
  channels: number,
  column: number,
): readonly [y: number, x: number, channel: number] {
  const place = Math.floor(column / channels)
  const y = Math.floor(place / size[1])
  return [y * dilations[0], (place % size[1]) * dilations[1], column % channels]
}

export function isPadded({ padding }: Window): boolean {
  return padding.some((pair) => pair.some((amount) => amount > 0))
}

/** The places of a window, channel by channel, each times one number. */
export function poolMatrix(
  { size }: Pick<Window, 'size'>,
  channels: number,
  value: number,
): SparseMatrix {
  const places = size[0] * size[1]
  return {
    rows: channels,
    columns: places * channels,
    starts: Uint32Array.from({ length: channels + 1 }, (_, row) => row * places),
    indices: Uint32Array.from(
      { length: channels * places },
      (_, k) => (k % places) * channels + Math.floor(k / places),
    ),
    values: new Float32Array(channels * places).fill(value),
  }
}

/** Some rows of a matrix; the values are those of the whole. */
export function rowsOf(matrix: SparseMatrix, first: number, end: number): SparseMatrix {
  const [from, to] = [matrix.starts[first]!, matrix.starts[end]!]
  return {
    rows: end - first,
    columns: matrix.columns,
    starts: matrix.starts.subarray(first, end + 1).map((start) => start - from),
    indices: matrix.indices.subarray(from, to),
    values: matrix.values.subarray(from, to),
  }
}

/** Floats that take as long to write as a call of a kernel. */
const CALL = 512

/**
 * Runs of rows that hold entries; undefined where the rows between them, of so many floats, are not
 * worth a call.
 */
export function changingRows({ rows, starts }: SparseMatrix, floats: number): Run[] | undefined {
  const runs: { first: number; end: number }[] = []
  let left = 0
  for (let row = 0; row < rows; row++) {
    if (starts[row] === starts[row + 1]) continue
    const last = runs.at(-1)
    const gap = row - (last?.end ?? 0)
    if (last && gap * floats < CALL) last.end = row + 1
    else {
      runs.push({ first: row, end: row + 1 })
      left += gap
    }
  }
  left += rows - (runs.at(-1)?.end ?? 0)
  return left * floats < CALL ? undefined : runs
}

/** A matrix with its zeros in groups of 4 rows, entry by entry; the last group is filled up. */
export function packDense({ rows, columns, starts, indices, values }: SparseMatrix): Float32Array {
  const packed = new Float32Array(Math.ceil(rows / 4) * 4 * columns)
  for (let row = 0; row < rows; row++) {
    const group = (row >> 2) * 4 * columns + (row & 3)
    for (let k = starts[row]!; k < starts[row + 1]!; k++)
      packed[group + indices[k]! * 4] = values[k]!
  }
  return packed
}

/** For each pixel of the outcome, one over the number of pixels of the image in its window. */
export function windowShares(
  { size, strides, dilations, padding }: Window,
  sides: readonly [number, number],
  outSides: readonly [number, number],
): Float32Array {
  const [rows, columns] = ([0, 1] as const).map((axis) =>
    Array.from({ length: outSides[axis] }, (_, out) => {
      const first = out * strides[axis] - padding[0][axis]
      let count = 0
      for (let i = 0; i < size[axis]; i++) {
        const at = first + i * dilations[axis]
        if (at >= 0 && at < sides[axis]) count++
      }
      return count
    }),
  )
  return Float32Array.from(rows!.flatMap((y) => columns!.map((x) => 1 / (y * x))))
}

/** A number for each place where all windows lie in the image; else shares come behind. */
export function shareOf(window: Window): number {
  return isPadded(window) ? 1 : 1 / (window.size[0] * window.size[1])
}
