import type { Blocks, GatherPlaces } from '../kernels/kernels.js'
import { isByRow } from '../kernels/kernels-of.js'

/** From the first on, up to before the end. */
export type Range = readonly [first: number, end: number]

/** Kernels sum rows in groups of so many. */
const GROUP = 4

/** Cuts a length into so many ranges at most, none of them empty; all but the last begin a group. */
export function ranges(length: number, parts: number, group: number): Range[] {
  return cut(length, parts, (part) => Math.round((length * part) / parts / group) * group)
}

/** Rows in groups of 4, with about as many entries in each range. */
export function rowRanges(
  { rows, starts }: Pick<GatherPlaces, 'rows' | 'starts'>,
  words: Int32Array,
  parts: number,
): Range[] {
  const entriesBefore = (row: number) => words[starts / 4 + row]! - words[starts / 4]!
  const all = entriesBefore(rows)
  return cut(rows, parts, (part) => {
    let [low, high] = [0, Math.floor(rows / GROUP)]
    while (low < high) {
      const middle = (low + high) >> 1
      if (entriesBefore(middle * GROUP) * parts < all * part) low = middle + 1
      else high = middle
    }
    return low * GROUP
  })
}

function cut(length: number, parts: number, end: (part: number) => number): Range[] {
  const found: Range[] = []
  let first = 0
  for (let part = 1; part <= parts; part++) {
    const next = part === parts ? length : Math.min(length, end(part))
    if (next > first) found.push([first, next])
    first = Math.max(first, next)
  }
  return found
}

/**
 * Whether a call is cut by rows, else by blocks: as the kernel goes, so that a part reads nothing
 * more often than the whole does, unless there are too few of one.
 */
export function isCutByRows(
  blocks: Blocks,
  places: { readonly rows: number; readonly outRow: number },
  parts: number,
): boolean {
  const groups = Math.ceil(places.rows / GROUP)
  const lines = blocks.outer > 1 ? blocks.outer : blocks.inner
  if (isByRow(blocks, places)) return groups >= Math.min(parts, lines)
  return lines < Math.min(parts, groups)
}

interface Ends {
  readonly input: number
  readonly output: number
}

/** The blocks of a call in parts: some of their lines each, or some of their only line. */
export function blockParts<P extends Ends>(
  blocks: Blocks,
  places: P,
  parts: number,
): { blocks: Blocks; places: P }[] {
  const side = blocks.outer > 1 ? 'outer' : 'inner'
  const [from, to] =
    side === 'outer' ? [blocks.inOuter, blocks.outOuter] : [blocks.inInner, blocks.outInner]
  return ranges(blocks[side], parts, 1).map(([first, end]) => ({
    blocks: { ...blocks, [side]: end - first },
    places: {
      ...places,
      input: places.input + first * from,
      output: places.output + first * to,
    },
  }))
}
