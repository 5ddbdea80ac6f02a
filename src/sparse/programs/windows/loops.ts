import type { Blocks } from '../../kernels/kernels.js'
import type { Lanes } from '../layout/builder.js'

/** Blocks, and where the first of them reads and writes, in bytes from the first pixel. */
export interface Loop {
  readonly blocks: Blocks
  readonly from: number
  readonly to: number
}

/** From one pixel, and one row, to the next: floats of one lane. */
export interface Steps {
  readonly pixel: number
  readonly row: number
}

/** Bytes of 16 lanes. */
const HALF = 64

interface Pixels {
  readonly rows: number
  readonly columns: number
  readonly from: Steps
  readonly to: Steps
}

/** All pixels of an image: two at a time and the odd one of a row with 16 lanes, else one by one. */
export function pixelLoops(lanes: Lanes, pixels: Pixels): Loop[] {
  const { rows, columns, from, to } = joined(pixels)
  const bytes = lanes * 4
  const steps = {
    outer: rows,
    inOuter: from.row * bytes,
    outOuter: to.row * bytes,
    inHalf: from.pixel * bytes,
    outHalf: to.pixel * bytes,
  }
  const [inInner, outInner] = [from.pixel * bytes, to.pixel * bytes]
  if (lanes === 1) {
    const blocks = { ...steps, size: 'single', inner: columns, inInner, outInner } as const
    return [{ blocks, from: 0, to: 0 }]
  }
  if (lanes === 32) {
    const halves = { inHalf: HALF, outHalf: HALF, inner: columns, inInner, outInner }
    return [{ blocks: { ...steps, ...halves, size: 'wide' }, from: 0, to: 0 }]
  }
  const pairs = columns >> 1
  const loops: Loop[] = []
  if (pairs > 0) {
    const wide = {
      size: 'wide',
      inner: pairs,
      inInner: 2 * inInner,
      outInner: 2 * outInner,
    } as const
    loops.push({ blocks: { ...steps, ...wide }, from: 0, to: 0 })
  }
  if (columns % 2 === 1) {
    const blocks = { ...steps, size: 'narrow', inner: 1, inInner, outInner } as const
    loops.push({ blocks, from: 2 * pairs * inInner, to: 2 * pairs * outInner })
  }
  return loops
}

/** Rows without a gap between them are one row; rows of one pixel are columns. */
function joined(pixels: Pixels): Pixels {
  const { rows, columns, from, to } = pixels
  if (rows === 1) return pixels
  if (columns === 1) {
    const steps = ({ row }: Steps) => ({ pixel: row, row: 0 })
    return { rows: 1, columns: rows, from: steps(from), to: steps(to) }
  }
  if (from.row !== columns * from.pixel || to.row !== columns * to.pixel) return pixels
  return { rows: 1, columns: rows * columns, from, to }
}

/** A run of floats, in blocks that may end up to 15 floats behind it; all of them are written. */
export function runLoops(floats: number): { readonly loops: Loop[]; readonly written: number } {
  const wide = Math.floor(floats / 32) + (floats % 32 > 16 ? 1 : 0)
  const narrow = floats % 32 > 0 && floats % 32 <= 16 ? 1 : 0
  const steps = { outer: 1, inOuter: 0, outOuter: 0, inHalf: 64, outHalf: 64 }
  const block = (size: 'wide' | 'narrow', inner: number, bytes: number): Blocks => ({
    ...steps,
    ...{ size, inner, inInner: bytes, outInner: bytes },
  })
  const loops: Loop[] = []
  if (wide > 0) loops.push({ blocks: block('wide', wide, 128), from: 0, to: 0 })
  if (narrow > 0) loops.push({ blocks: block('narrow', 1, 64), from: wide * 128, to: wide * 128 })
  return { loops, written: wide * 32 + narrow * 16 }
}

/** Rows of floats, `from` apart in the input; those that are written lie side by side. */
export function rowLoops({ rows, columns, from }: Rows): {
  readonly loops: Loop[]
  readonly written: number
} {
  const { loops, written } = runLoops(columns)
  const steps = { outer: rows, inOuter: from * 4, outOuter: written * 4 }
  return {
    loops: loops.map((loop) => ({ ...loop, blocks: { ...loop.blocks, ...steps } })),
    written,
  }
}

interface Rows {
  readonly rows: number
  readonly columns: number
  readonly from: number
}
