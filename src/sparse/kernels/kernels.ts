/**
 * Inner loops on the memory of one network. Every place is an address in bytes and every step
 * counts bytes; addresses of vectors are multiples of 16. Lengths are at least 1 unless said
 * otherwise.
 *
 * A block is what one pass sums in registers: 8 vectors of 4 floats in two halves of 16 floats
 * (`wide`), one half (`narrow`), or one float (`single`). The halves of a wide block lie
 * `inHalf` and `outHalf` apart: 64 where they are neighbours (32 pixels of a plane), one pixel where
 * they are two pixels of 16 images.
 */
export type BlockSize = 'wide' | 'narrow' | 'single'

/** The loops around a block: `outer` rows of `inner` blocks. */
export interface Blocks {
  readonly size: BlockSize
  readonly outer: number
  readonly inner: number
  readonly inOuter: number
  readonly inInner: number
  readonly outOuter: number
  readonly outInner: number
  readonly inHalf: number
  readonly outHalf: number
}

/** Rows that gather blocks of the input: entry k of a row reads the block at `offsets[k]` bytes. */
export interface GatherPlaces {
  readonly input: number
  readonly output: number
  /** From one row of the result to the next. */
  readonly outRow: number
  readonly rows: number
  /** `rows + 1` unsigned numbers: where the entries of each row begin. */
  readonly starts: number
  /** An i32 an entry. */
  readonly offsets: number
}

export interface ProductPlaces extends GatherPlaces {
  /** A float an entry. */
  readonly values: number
  /** A float a row, or 0 for none. */
  readonly bias: number
  /** Two floats that cut the result, or 0 for none. */
  readonly bounds: number
}

/** All rows read the same `count` blocks: a matrix that is not sparse. */
export interface DenseProductPlaces {
  readonly input: number
  readonly output: number
  readonly outRow: number
  readonly rows: number
  readonly count: number
  /** `count` offsets, the same for all rows. */
  readonly offsets: number
  /** In groups of 4 rows, entry by entry, 4 floats each; the last group is filled with zeros. */
  readonly values: number
  /** A float a row, or 0 for none. */
  readonly bias: number
  readonly bounds: number
}

/** `rows` runs of `length` bytes in each plane, whole floats; runs do not overlap. */
export interface CopyPlaces {
  readonly planes: number
  readonly fromPlane: number
  readonly toPlane: number
  readonly from: number
  readonly to: number
  readonly rows: number
  readonly length: number
  readonly fromStep: number
  readonly toStep: number
}

/** to[column][row] = from[row][column] of each matrix, floats; rows of each some steps apart. */
export interface TransposePlaces {
  readonly matrices: number
  /** From one matrix to the next. */
  readonly fromNext: number
  readonly toNext: number
  readonly from: number
  readonly to: number
  readonly rows: number
  readonly columns: number
  readonly fromStep: number
  readonly toStep: number
}

/** to[i] = from[i * every] in each row of each plane, floats. */
export interface EveryPlaces {
  readonly planes: number
  readonly fromPlane: number
  readonly toPlane: number
  readonly from: number
  readonly to: number
  readonly rows: number
  /** Floats that a row gets. */
  readonly length: number
  readonly every: number
  readonly fromStep: number
  readonly toStep: number
}

/** Planes of `rows` rows of `length` floats, 4 at least, each of 2 by 2 floats of the input. */
export interface HalvePlaces {
  readonly planes: number
  readonly rows: number
  readonly length: number
  readonly from: number
  readonly to: number
  /** From one row of the input to the next, and from one of the outcome. */
  readonly pitch: number
  readonly toStep: number
  readonly fromPlane: number
  readonly toPlane: number
}

/** Elementwise, `length` floats; places may be the same. */
export interface PairPlaces {
  readonly a: number
  readonly b: number
  readonly out: number
  readonly length: number
}

/** out[group][i] = in[group][i] * factors[group % channels] + terms[group % channels]. */
export interface ScalePlaces {
  readonly input: number
  readonly out: number
  readonly factors: number
  readonly terms: number
  readonly channels: number
  readonly groups: number
  /** Floats of a group, and from one to the next in bytes. */
  readonly length: number
  readonly step: number
}

export interface Kernels {
  /** output[row] = cut(bias[row] + sum of values[k] * input[offsets[k]]), added in order of k. */
  readonly product: (blocks: Blocks, places: ProductPlaces) => void
  /** The same sums in the same order, for rows that share their offsets. */
  readonly denseProduct: (blocks: Blocks, places: DenseProductPlaces) => void
  /** output[row] = the largest of input[offsets[k]]; NaN where one is. */
  readonly maximum: (blocks: Blocks, places: GatherPlaces) => void
  /** to[plane][y][x] = the largest of from[plane][2 y and 2 y + 1][2 x and 2 x + 1]. */
  readonly halve: (places: HalvePlaces) => void
  readonly copyRows: (places: CopyPlaces) => void
  readonly transpose: (places: TransposePlaces) => void
  readonly everyNth: (places: EveryPlaces) => void
  readonly add: (places: PairPlaces) => void
  readonly multiply: (places: PairPlaces) => void
  readonly largest: (places: PairPlaces) => void
  /** Cuts `length` floats at the two bounds. */
  readonly cut: (places: { input: number; out: number; bounds: number; length: number }) => void
  readonly scale: (places: ScalePlaces) => void
  /**
   * The largest magnitudes of 4 runs that take turns, as 4 floats at `out`; NaN where one is. Only
   * whole turns count.
   */
  readonly largestMagnitude: (places: { input: number; out: number; length: number }) => void
  /** Sets `length` floats to a value. */
  readonly fill: (places: { to: number; length: number; value: number }) => void
}
