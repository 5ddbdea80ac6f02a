import type { WasmFunction } from '../../../internal/assembler.js'

/**
 * c[row, column] = or += sum over i, j, k of a[row, i, j, k] * b[n, column], where n counts (i, j,
 * k) in row-major order.
 *
 * All places and steps count floats of the heap; the columns of b and c lie side by side.
 */
export interface Gemm {
  readonly rows: number
  readonly columns: number
  /** Lengths of i, j and k. */
  readonly outer: number
  readonly middle: number
  readonly inner: number
  /** Of a, per row, i, j and k. */
  readonly rowStep: number
  readonly outerStep: number
  readonly middleStep: number
  readonly innerStep: number
  /** From one row of b to the next. */
  readonly bStep: number
  /** From one row of c to the next. */
  readonly cStep: number
  /** The products are added to the values of c; otherwise they take their place. */
  readonly accumulate: boolean
}

/** Where the matrices of a product begin. */
export interface GemmPlaces {
  readonly a: number
  readonly b: number
  readonly c: number
}

/**
 * dx += dy at the first place, row by row, of each window of x that holds the window's maximum y.
 */
export interface MaxPool {
  readonly windows: number
  readonly channels: number
  /** Of the window, in pixels. */
  readonly height: number
  readonly width: number
  /** From one row of x to the next. */
  readonly rowStep: number
  /** From one window of x to the next. */
  readonly windowStep: number
}

/** Where the first window of a row, its maximum and their gradients begin. */
export interface MaxPoolPlaces {
  readonly x: number
  readonly y: number
  readonly dy: number
  readonly dx: number
}

/** out[channel] += sum over i, j of x[i, j, channel] * y[i, j, channel]. */
export interface Correlation {
  readonly channels: number
  /** Lengths of i and j. */
  readonly outer: number
  readonly inner: number
  readonly xOuter: number
  readonly xInner: number
  readonly yOuter: number
  readonly yInner: number
}

/** Where the operands and the result of a correlation begin. */
export interface CorrelationPlaces {
  readonly x: number
  readonly y: number
  readonly out: number
}

/**
 * out[row, column, channel] = sum over i, j of x[row, column, i, j, channel] * filter[i, j, channel]
 */
export interface TapSum {
  readonly channels: number
  readonly rows: number
  readonly columns: number
  /** Lengths of i and j. */
  readonly outer: number
  readonly inner: number
  readonly xRow: number
  readonly xColumn: number
  readonly xOuter: number
  readonly xInner: number
  readonly filterOuter: number
  readonly filterInner: number
  readonly outRow: number
  readonly outColumn: number
}

/** Where the values, the filter and the sums begin. */
export interface TapSumPlaces {
  readonly x: number
  readonly filter: number
  readonly out: number
}

/** Rows of `length` floats, and how far apart they are. */
export interface Copy {
  readonly rows: number
  readonly length: number
  readonly fromStep: number
  readonly toStep: number
}

/** Lengths of a matrix whose rows lie one after the other. */
export interface Matrix {
  readonly rows: number
  readonly columns: number
}

/** Where a matrix, its bias and their sum begin. */
export interface BiasPlaces {
  readonly x: number
  readonly bias: number
  readonly out: number
}

/**
 * Where values, their mask and the outcome begin; the mask's place counts bytes, since it holds a
 * byte per value.
 */
export interface KeepPlaces {
  readonly values: number
  readonly mask: number
  readonly out: number
}

/** Where something is read from and where it goes. */
export interface CopyPlaces {
  readonly from: number
  readonly to: number
}

/** Functions of a module, by their names. */
export type Compiled = Readonly<Record<string, (...parameters: number[]) => void>>

/**
 * The inner loops of all kernels. Every length must be at least 1. The places are apart because
 * they alone vary.
 */
export interface Engine {
  readonly simd: boolean
  /** The backend's own products and convolutions use all cores. */
  readonly threads: boolean
  readonly gemm: (work: Gemm, places: GemmPlaces) => void
  readonly maxPool: (work: MaxPool, places: MaxPoolPlaces) => void
  /** Writes a matrix as `[columns, rows]`. */
  readonly transpose: (matrix: Matrix, places: CopyPlaces) => void
  /** Copies rows that lie some steps apart. */
  readonly copyRows: (copy: Copy, places: CopyPlaces) => void
  /** out[row, column] = x[row, column] + bias[column] */
  readonly addBias: (matrix: Matrix, places: BiasPlaces) => void
  readonly correlate: (work: Correlation, places: CorrelationPlaces) => void
  readonly sumTaps: (work: TapSum, places: TapSumPlaces) => void
  /** out[i] = values[i] where mask[i] is 1, else 0. */
  readonly keepOnly: (length: number, places: KeepPlaces) => void
  /** Makes functions that work on the heap; undefined without SIMD. */
  readonly compile?: (code: WasmFunction) => Compiled
}
