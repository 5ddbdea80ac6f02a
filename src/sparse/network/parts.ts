/** Lengths of one sample, without the batch. Channels come last, as in tfjs. */
export type Shape = readonly number[]

/**
 * A matrix without its zeros, row by row: the entries of row r are those from `starts[r]` to
 * `starts[r + 1]`, by ascending column.
 */
export interface SparseMatrix {
  readonly rows: number
  readonly columns: number
  readonly starts: Uint32Array
  readonly indices: Uint32Array
  readonly values: Float32Array
  /** Weights that it was made of, zeros included, for statistics. @default rows * columns */
  readonly weights?: number
  /** Entry k holds the value of entry `order[k]` of another matrix, and changes with it. */
  readonly copyOf?: { readonly matrix: SparseMatrix; readonly order: Uint32Array }
}

/** Pairs for the vertical and the horizontal axis; sequences have a height of 1. */
export type Pair = readonly [vertical: number, horizontal: number]

export interface Window {
  readonly size: Pair
  readonly strides: Pair
  readonly dilations: Pair
  /** Pixels before and after the image, on each axis. */
  readonly padding: readonly [before: Pair, after: Pair]
}
