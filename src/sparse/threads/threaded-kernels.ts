import type { BlockSize, Blocks, Kernels } from '../kernels/kernels.js'
import { blockParts, isCutByRows, ranges, rowRanges } from './parts.js'

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

/** Vectors that are multiplied and added in a block. */
const VECTORS: Readonly<Record<BlockSize, number>> = { wide: 8, narrow: 4, single: 1 }
const vectorsOf = ({ size, outer, inner }: Blocks) => VECTORS[size] * outer * inner

/**
 * Kernels that share out expensive calls. Each sum is added by one thread in its order, so that the
 * outcome has the bits of one thread.
 */
export function threadedKernels(plain: Kernels, sharing: Sharing): Kernels {
  return { ...plain, ...products(plain, sharing), ...moves(plain, sharing) }
}

function products(
  plain: Kernels,
  { share, words, parts, least }: Sharing,
): Pick<Kernels, 'product' | 'denseProduct' | 'maximum'> {
  return {
    product: (blocks, places) => {
      const { rows, starts, output, outRow, bias } = places
      const entries = words()[starts / 4 + rows]! - words()[starts / 4]!
      if (entries * vectorsOf(blocks) < least.sums) return plain.product(blocks, places)
      share(places, ({ product }) => {
        if (!isCutByRows(blocks, places, parts))
          return calls(product, blockParts(blocks, places, parts))
        for (const [first, end] of rowRanges(places, words(), parts))
          product(blocks, {
            ...places,
            ...{ rows: end - first, starts: starts + first * 4, output: output + first * outRow },
            bias: bias && bias + first * 4,
          })
      })
    },
    denseProduct: (blocks, places) => {
      const { rows, count, values, output, outRow, bias } = places
      if (rows * count * vectorsOf(blocks) < least.sums) return plain.denseProduct(blocks, places)
      share(places, ({ denseProduct }) => {
        if (!isCutByRows(blocks, places, parts))
          return calls(denseProduct, blockParts(blocks, places, parts))
        for (const [first, end] of ranges(rows, parts, 4))
          denseProduct(blocks, {
            ...places,
            ...{ rows: end - first, output: output + first * outRow },
            ...{ values: values + first * count * 4, bias: bias && bias + first * 4 },
          })
      })
    },
    maximum: (blocks, places) => {
      const { rows, starts, output, outRow } = places
      const entries = words()[starts / 4 + rows]! - words()[starts / 4]!
      if (entries * vectorsOf(blocks) < least.sums) return plain.maximum(blocks, places)
      share(places, ({ maximum }) => {
        if (!isCutByRows(blocks, places, parts))
          return calls(maximum, blockParts(blocks, places, parts))
        for (const [first, end] of rowRanges(places, words(), parts))
          maximum(blocks, {
            ...places,
            ...{ rows: end - first, starts: starts + first * 4, output: output + first * outRow },
          })
      })
    },
  }
}

function calls<P>(
  kernel: (blocks: Blocks, places: P) => void,
  parts: readonly { readonly blocks: Blocks; readonly places: P }[],
): void {
  for (const { blocks, places } of parts) kernel(blocks, places)
}

type Move = 'copyRows' | 'transpose' | 'everyNth' | 'add' | 'multiply' | 'largest' | 'cut'

function moves(plain: Kernels, sharing: Sharing): Pick<Kernels, Move> {
  const { share, parts, least } = sharing
  return {
    copyRows: (places) => {
      const { rows, length, from, to, fromStep, toStep } = places
      if ((rows * length) / 4 < least.floats) return plain.copyRows(places)
      share(places, ({ copyRows }) => {
        for (const [first, end] of ranges(rows, parts, 1))
          copyRows({
            ...places,
            ...{ from: from + first * fromStep, to: to + first * toStep, rows: end - first },
          })
      })
    },
    everyNth: (places) => {
      const { rows, length, from, to, fromStep, toStep } = places
      if (rows * length < least.floats) return plain.everyNth(places)
      share(places, ({ everyNth }) => {
        for (const [first, end] of ranges(rows, parts, 1))
          everyNth({
            ...places,
            ...{ from: from + first * fromStep, to: to + first * toStep, rows: end - first },
          })
      })
    },
    transpose: (places) => {
      const { rows, columns, from, to, fromStep, toStep } = places
      if (rows * columns < least.floats) return plain.transpose(places)
      share(places, ({ transpose }) => {
        if (rows >= columns)
          for (const [first, end] of ranges(rows, parts, 16))
            transpose({
              ...places,
              ...{ from: from + first * fromStep, to: to + first * 4, rows: end - first },
            })
        else
          for (const [first, end] of ranges(columns, parts, 16))
            transpose({
              ...places,
              ...{ from: from + first * 4, to: to + first * toStep, columns: end - first },
            })
      })
    },
    add: pairs(plain, 'add', sharing),
    multiply: pairs(plain, 'multiply', sharing),
    largest: pairs(plain, 'largest', sharing),
    cut: (places) => {
      const { length, input, out } = places
      if (length < least.floats) return plain.cut(places)
      share(places, ({ cut }) => {
        for (const [first, end] of ranges(length, parts, 16))
          cut({
            ...places,
            ...{ input: input + first * 4, out: out + first * 4, length: end - first },
          })
      })
    },
  }
}

function pairs(
  plain: Kernels,
  name: 'add' | 'multiply' | 'largest',
  { share, parts, least }: Sharing,
): Kernels['add'] {
  return (places) => {
    const { a, b, out, length } = places
    if (length < least.floats) return plain[name](places)
    share(places, (kernels) => {
      for (const [first, end] of ranges(length, parts, 16)) {
        const at = first * 4
        kernels[name]({ a: a + at, b: b + at, out: out + at, length: end - first })
      }
    })
  }
}
