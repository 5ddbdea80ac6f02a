import type { BlockSize, Blocks, GatherPlaces, Kernels } from '../kernels/kernels.js'
import { cutBounded, cutPair, cutRows, cutTranspose } from './cut-moves.js'
import { cutDenseProduct, cutMaximum, cutProduct, entriesOf, type RowCall } from './cut-products.js'

/** Where the parts of a call are run. */
export interface Sharing {
  /**
   * Runs all calls that are made of the kernels that it hands out, in any order. It asks for them
   * once for each object of places, which always means the same work.
   */
  readonly share: (places: object, calls: (kernels: Kernels) => void) => void
  /** The memory as whole numbers. */
  readonly words: () => Int32Array
  /** So many parts are made of a call. */
  readonly parts: number
  readonly least: LeastWork
}

/** Calls of less work run on the caller's thread alone: a meeting of threads would take longer. */
export interface LeastWork {
  /** Vectors that are multiplied and added, or compared. */
  readonly sums: number
  /** Floats that are moved, or changed one by one. */
  readonly floats: number
}

/** Vectors of a block. */
const VECTORS: Readonly<Record<BlockSize, number>> = { wide: 8, narrow: 4, single: 1 }

/**
 * Kernels that share out expensive calls. Each sum is added by one thread in its order, so that the
 * outcome has the bits of one thread.
 */
export function threadedKernels(plain: Kernels, sharing: Sharing): Kernels {
  const { words } = sharing
  const sum = sums(plain, sharing)
  const move = moves(plain, sharing)
  const entries = (places: GatherPlaces) => entriesOf(places, words())
  return {
    ...plain,
    product: sum(
      ({ product }) => product,
      entries,
      (call, parts) => cutProduct(call, parts, words()),
    ),
    denseProduct: sum(
      ({ denseProduct }) => denseProduct,
      ({ rows, count }) => rows * count,
      cutDenseProduct,
    ),
    maximum: sum(
      ({ maximum }) => maximum,
      entries,
      (call, parts) => cutMaximum(call, parts, words()),
    ),
    copyRows: move(
      ({ copyRows }) => copyRows,
      ({ planes, rows, length }) => (planes * rows * length) / 4,
      cutRows,
    ),
    everyNth: move(
      ({ everyNth }) => everyNth,
      ({ planes, rows, length }) => planes * rows * length,
      cutRows,
    ),
    transpose: move(
      ({ transpose }) => transpose,
      ({ matrices, rows, columns }) => matrices * rows * columns,
      cutTranspose,
    ),
    add: move(({ add }) => add, lengthOf, cutPair),
    multiply: move(({ multiply }) => multiply, lengthOf, cutPair),
    largest: move(({ largest }) => largest, lengthOf, cutPair),
    cut: move(({ cut }) => cut, lengthOf, cutBounded),
  }
}

const lengthOf = ({ length }: { readonly length: number }) => length

/** Shares a kernel for rows and blocks, by its work a block and a way to cut its calls. */
function sums(plain: Kernels, { share, parts, least }: Sharing) {
  return <Places extends object>(
    of: (kernels: Kernels) => (blocks: Blocks, places: Places) => void,
    work: (places: Places) => number,
    cut: (call: RowCall<Places>, parts: number) => readonly RowCall<Places>[],
  ) => {
    const alone = of(plain)
    return (blocks: Blocks, places: Places): void => {
      const vectors = VECTORS[blocks.size] * blocks.outer * blocks.inner
      if (work(places) * vectors < least.sums) alone(blocks, places)
      else
        share(places, (kernels) => {
          for (const part of cut({ blocks, places }, parts)) of(kernels)(part.blocks, part.places)
        })
    }
  }
}

/** Shares a kernel that moves or changes floats, by their number and a way to cut its calls. */
function moves(plain: Kernels, { share, parts, least }: Sharing) {
  return <Places extends object>(
    of: (kernels: Kernels) => (places: Places) => void,
    floats: (places: Places) => number,
    cut: (places: Places, parts: number) => readonly Places[],
  ) => {
    const alone = of(plain)
    return (places: Places): void => {
      if (floats(places) < least.floats) alone(places)
      else
        share(places, (kernels) => {
          for (const part of cut(places, parts)) of(kernels)(part)
        })
    }
  }
}
