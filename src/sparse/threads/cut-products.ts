import type { Blocks, DenseProductPlaces, GatherPlaces, ProductPlaces } from '../kernels/kernels.js'
import { isByRow } from '../kernels/kernels-of.js'
import { type Range, ranges, rangesTo } from './ranges.js'

/** A call of a kernel for rows and blocks. */
export interface RowCall<Places> {
  readonly blocks: Blocks
  readonly places: Places
}

/** Kernels sum rows in groups of so many. */
const GROUP = 4

/** A product in parts, each with about as many entries; `words` is the memory. */
export function cutProduct(
  call: RowCall<ProductPlaces>,
  parts: number,
  words: Int32Array,
): RowCall<ProductPlaces>[] {
  return cutGather(call, parts, words, (places, first) => ({
    ...places,
    bias: places.bias && places.bias + first * 4,
  }))
}

export function cutMaximum(
  call: RowCall<GatherPlaces>,
  parts: number,
  words: Int32Array,
): RowCall<GatherPlaces>[] {
  return cutGather(call, parts, words, (places) => places)
}

export function cutDenseProduct(
  call: RowCall<DenseProductPlaces>,
  parts: number,
): RowCall<DenseProductPlaces>[] {
  const { blocks, places } = call
  if (!isCutByRows(call, parts)) return cutBlocks(call, parts)
  return ranges(places.rows, parts, GROUP).map((range) => ({
    blocks,
    places: {
      ...rowsOf(places, range),
      values: places.values + range[0] * places.count * 4,
      bias: places.bias && places.bias + range[0] * 4,
    },
  }))
}

/** Entries of a gathering call. */
export function entriesOf({ starts, rows }: GatherPlaces, words: Int32Array): number {
  return words[starts / 4 + rows]! - words[starts / 4]!
}

function cutGather<Places extends GatherPlaces>(
  call: RowCall<Places>,
  parts: number,
  words: Int32Array,
  more: (places: Places, first: number) => Places,
): RowCall<Places>[] {
  const { blocks, places } = call
  if (!isCutByRows(call, parts)) return cutBlocks(call, parts)
  return rangesOfEntries(places, parts, words).map((range) => {
    const part = { ...rowsOf(places, range), starts: places.starts + range[0] * 4 }
    return { blocks, places: more(part, range[0]) }
  })
}

/** Rows in groups of 4, with about as many entries in each range. */
function rangesOfEntries(places: GatherPlaces, parts: number, words: Int32Array): Range[] {
  const all = entriesOf(places, words)
  return rangesTo(places.rows, parts, (part) => {
    let [low, high] = [0, Math.floor(places.rows / GROUP)]
    while (low < high) {
      const middle = (low + high) >> 1
      const before = entriesOf({ ...places, rows: middle * GROUP }, words)
      if (before * parts < all * part) low = middle + 1
      else high = middle
    }
    return low * GROUP
  })
}

interface Rows {
  readonly input: number
  readonly output: number
  readonly outRow: number
  readonly rows: number
}

function rowsOf<Places extends Rows>(places: Places, [first, end]: Range): Places {
  return { ...places, output: places.output + first * places.outRow, rows: end - first }
}

/**
 * Whether a call is cut by rows, else by blocks: as the kernel goes, so that a part reads nothing
 * more often than the whole does, unless there are too few of one.
 */
function isCutByRows({ blocks, places }: RowCall<Rows>, parts: number): boolean {
  const groups = Math.ceil(places.rows / GROUP)
  const lines = blocks.outer > 1 ? blocks.outer : blocks.inner
  if (isByRow(blocks, places)) return groups >= Math.min(parts, lines)
  return lines < Math.min(parts, groups)
}

/** Some lines of the blocks in each part, or some blocks of their only line. */
function cutBlocks<Places extends Rows>(
  { blocks, places }: RowCall<Places>,
  parts: number,
): RowCall<Places>[] {
  const side = blocks.outer > 1 ? 'outer' : 'inner'
  const [from, to] =
    side === 'outer' ? [blocks.inOuter, blocks.outOuter] : [blocks.inInner, blocks.outInner]
  return ranges(blocks[side], parts, 1).map(([first, end]) => ({
    blocks: { ...blocks, [side]: end - first },
    places: { ...places, input: places.input + first * from, output: places.output + first * to },
  }))
}
