import type { BlockSize, Blocks, Kernels } from './kernels.js'

/** A compiled function. Its parameters are 32 bits each. */
export type Compiled = (...parameters: number[]) => void

/** The functions of the compiled module by name. */
export type Exports = Readonly<Record<string, Compiled>>

/** The kernels that call the functions of a compiled module. */
export function kernelsOf(exports: Exports): Kernels {
  return { ...products(exports), ...moves(exports), ...elementwise(exports) }
}

/**
 * Rows that lie farther apart in the output than blocks do are done one after the other, and their
 * entries are read once; else all rows of a block are, and its input is read once.
 */
export const isByRow = (
  { outer, inner, outInner }: Blocks,
  { outRow }: { readonly outRow: number },
): boolean => outRow > outInner && outer * inner > 1

/** The functions of each size: all rows of a block, then all blocks of a row. */
const bySize = (
  exports: Exports,
  name: string,
): Record<BlockSize, readonly [Compiled, Compiled]> => {
  const both = (size: string) =>
    [exports[`${name}${size}ByBlock`]!, exports[`${name}${size}ByRow`]!] as const
  return { wide: both('Wide'), narrow: both('Narrow'), single: both('Single') }
}

/** Places of all functions over blocks, and what is particular to one of them. */
interface RowPlaces {
  readonly input: number
  readonly output: number
  readonly outRow: number
  readonly rows: number
  readonly offsets: number
}

// Spelled out without spreads: the calls are hot.
function call(
  functions: Record<BlockSize, readonly [Compiled, Compiled]>,
  b: Blocks,
  p: RowPlaces,
  extent: number,
  values: number,
  bias: number,
  bounds: number,
): void {
  functions[b.size][isByRow(b, p) ? 1 : 0](
    b.outer,
    b.inner,
    b.inOuter,
    b.inInner,
    b.outOuter,
    b.outInner,
    b.inHalf,
    b.outHalf,
    p.input,
    p.output,
    p.outRow,
    p.rows,
    extent,
    p.offsets,
    values,
    bias,
    bounds,
  )
}

function products(exports: Exports): Pick<Kernels, 'product' | 'denseProduct' | 'maximum'> {
  const product = bySize(exports, 'product')
  const all: Kernels['product'] = (b, p) =>
    call(product, b, p, p.starts, p.values, p.bias, p.bounds)
  const four = [exports.productFourRows!, exports.productFourRows!] as const
  const fourRows = { wide: four, narrow: four, single: four }
  const denseProduct = bySize(exports, 'denseProduct')
  const maximum = bySize(exports, 'maximum')
  return {
    product: (b, p) => {
      if (b.size !== 'single' || p.rows < 4 || isByRow(b, p)) return all(b, p)
      const done = p.rows - (p.rows % 4)
      call(fourRows, b, { ...p, rows: done / 4 }, p.starts, p.values, p.bias, p.bounds)
      if (done === p.rows) return
      const [output, starts] = [p.output + done * p.outRow, p.starts + done * 4]
      all(b, { ...p, output, starts, rows: p.rows - done, bias: p.bias && p.bias + done * 4 })
    },
    denseProduct: (b, p) => call(denseProduct, b, p, p.count, p.values, p.bias, p.bounds),
    maximum: (b, p) => call(maximum, b, p, p.starts, 0, 0, 0),
  }
}

function moves(exports: Exports): Pick<Kernels, 'halve' | 'copyRows' | 'transpose' | 'everyNth'> {
  const { halve, copyRows, everyNth } = exports
  return {
    halve: ({ planes, rows, length, from, to, pitch, toStep, fromPlane, toPlane }) =>
      halve!(planes, rows, length * 4 - 16, from, to, pitch, toStep, fromPlane, toPlane),
    copyRows: ({ planes, rows, length, from, to, fromStep, toStep, fromPlane, toPlane }) =>
      copyRows!(planes, rows, length, from, to, fromStep, toStep, fromPlane, toPlane, 0),
    everyNth: ({ planes, rows, length, every, from, to, fromStep, toStep, fromPlane, toPlane }) =>
      everyNth!(planes, rows, length, from, to, fromStep, toStep, fromPlane, toPlane, every * 4),
    transpose: transpose(exports),
  }
}

function transpose({ transposeBlocks, transposeFloats }: Exports): Kernels['transpose'] {
  return ({ matrices: n, rows, columns, from, to, fromNext, toNext, fromStep, toStep }) => {
    const side = rows < 4 ? 1 : 4
    const turn = side === 1 ? transposeFloats! : transposeBlocks!
    const row = rows - side
    const column = Math.max(columns - side, 0)
    // The shorter side inside, so that cache lines are written, or read, as a whole.
    // biome-ignore format: as places are named in the code
    if (rows <= columns || column === 0)
      turn(n, columns, from, to, fromNext, toNext, fromStep, toStep, column, 4, toStep, row, fromStep, 4)
    else turn(n, columns, from, to, fromNext, toNext, fromStep, toStep, row, fromStep, 4, column, 4, toStep)
  }
}

type Elementwise = 'add' | 'multiply' | 'largest' | 'cut' | 'scale' | 'fill' | 'largestMagnitude'

function elementwise(exports: Exports): Pick<Kernels, Elementwise> {
  const { add, multiply, largest, cut, scale, fill, largestMagnitude } = exports
  return {
    add: ({ a, b, out, length }) => add!(a, b, out, length),
    multiply: ({ a, b, out, length }) => multiply!(a, b, out, length),
    largest: ({ a, b, out, length }) => largest!(a, b, out, length),
    cut: ({ input, out, bounds, length }) => cut!(input, out, bounds, length),
    scale: ({ input, out, factors, terms, channels, groups, length, step }) =>
      scale!(input, out, factors, terms, channels, groups, length, step),
    fill: ({ to, length, value }) => fill!(to, length, value),
    largestMagnitude: ({ input, out, length }) => largestMagnitude!(input, length, out),
  }
}
