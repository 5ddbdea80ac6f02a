import type { Activate, Merge, Recurrent } from '../../network/network.js'

/**
 * Inner loops on the memory of one network beside its kernels: for functions that WebAssembly does
 * not have, and for moves that it would not make faster. Places are addresses in bytes, lengths
 * count floats; `lanes` samples lie side by side. Each maker is asked once, its loop in each run.
 */
export interface ElementLoops {
  /** to[i] = f(from[i]); places may be the same. */
  readonly activate: (operation: Activate) => (places: SpanPlaces) => void
  /** to[i] = from[i] where that is above 0, else from[i] * alpha[i], an alpha an element. */
  readonly parametricRelu: (alpha: Float32Array, lanes: number) => (places: FromTo) => void
  /** Softmax of each row, or its logarithm, in place. */
  readonly softmax: (rows: Rows & { readonly log: boolean }) => (at: number) => void
  /** Layer normalisation of each row, in place. */
  readonly normaliseRows: (rows: NormalisedRows) => (at: number) => void
  /** out[i] = a[i] of b[i] */
  readonly join: (of: Merge['of']) => (places: JoinPlaces) => void
  /** to[i] = from[table[i]] */
  readonly spread: (table: Int32Array, lanes: number) => (places: FromTo) => void
  /** to[i] = to[i] of from[table[i]] */
  readonly joinSpread: (of: Merge['of'], spread: Spread) => (places: FromTo) => void
  /** Divides in place. */
  readonly divide: (
    by: number,
  ) => (places: { readonly at: number; readonly length: number }) => void
  readonly copy: (places: SpanPlaces) => void
  /** Runs of so many floats that begin at these floats of the input, or are zeros: below 0. */
  readonly move: (runs: Runs) => (places: FromTo) => void
  /** The next states of a recurrent cell. */
  readonly cell: (operation: Recurrent) => Cell
}

export interface FromTo {
  readonly from: number
  readonly to: number
}

export interface SpanPlaces extends FromTo {
  readonly length: number
}

/** Rows of elements that lie `lanes` apart. */
export interface Rows {
  readonly rows: number
  readonly length: number
  readonly lanes: number
}

export interface NormalisedRows extends Rows {
  readonly epsilon: number
  readonly factors: Float32Array
  readonly terms: Float32Array
}

export interface JoinPlaces {
  readonly a: number
  readonly b: number
  readonly out: number
  readonly length: number
}

export interface Spread {
  readonly table: Int32Array
  readonly lanes: number
}

export interface Runs {
  readonly starts: Int32Array
  readonly length: number
  readonly lanes: number
}

/** Where a step of a recurrent layer finds its numbers; `length` of them a gate and a state. */
export interface CellPlaces {
  readonly length: number
  /** Gates from the input, with the bias; gates from the state. */
  readonly input: number
  readonly sums: number
  /** The states, and for a GRU the state that the reset gate leaves. */
  readonly h: number
  readonly c: number
  readonly rest: number
}

export interface Cell {
  /** Makes `rest`, from which the last gate is summed. Left out where no gate needs it. */
  readonly reset?: (places: CellPlaces) => void
  readonly next: (places: CellPlaces) => void
}
