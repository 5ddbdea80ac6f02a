import { refusal } from '../model/refusal.js'
import { sizeOf } from '../model/size-of.js'
import { readRows } from './read-rows.js'
import { type MarkedRows, markedRows, rowBits, writeRows } from './row-code.js'
import { hasRows, type RowKind, rowsOf } from './rows.js'

/**
 * The way in which the survivors' places are written. `all` takes no bytes and `bitmap` a bit a
 * place. The others are gaps in the Golomb-Rice code: over the whole weight, over each run of the
 * last axis, or over each place on the last axis.
 */
export type PositionKind = 'all' | 'bitmap' | RowKind

/** Every kind of positions. */
export const positionKinds: readonly PositionKind[] = ['all', 'bitmap', 'whole', 'rows', 'columns']

/** The survivors' places of a weight as bytes. */
export interface EncodedPositions {
  readonly kind: PositionKind
  /** Rice parameter of the rows' counts, for rows and columns. */
  readonly countParameter: number | undefined
  /**
   * Flat indices in the order in which the values follow; undefined for all places in flat order.
   */
  readonly order: Uint32Array | undefined
  readonly bytes: Uint8Array
}

/**
 * Writes positions in the way that takes the fewest bytes.
 *
 * @param ascending Flat indices of the survivors.
 */
export function encodePositions(
  ascending: Uint32Array,
  shape: readonly number[],
): EncodedPositions {
  const size = sizeOf(shape)
  if (ascending.length === size)
    return { kind: 'all', countParameter: undefined, order: undefined, bytes: NONE }
  let best: { kind: 'bitmap' | RowKind; bits: number; marked?: MarkedRows } = {
    kind: 'bitmap',
    bits: size,
  }
  for (const kind of hasRows(shape)
    ? (['whole', 'rows', 'columns'] as const)
    : (['whole'] as const)) {
    const marked = markedRows(ascending, rowsOf(kind, shape))
    const bits = rowBits(marked)
    if (Math.ceil(bits / 8) < Math.ceil(best.bits / 8)) best = { kind, bits, marked }
  }
  const { kind, bits, marked } = best
  const bytes = marked ? writeRows(marked, bits) : writeBitmap(ascending, size)
  return { kind, countParameter: marked?.countParameter, order: marked?.order ?? ascending, bytes }
}

const NONE = new Uint8Array(0)

/** The header's entry of a weight, as far as its positions go. */
export interface PositionsEntry {
  readonly kind: PositionKind
  readonly shape: readonly number[]
  readonly size: number
  readonly kept: number
  readonly countParameter: number | undefined
}

/**
 * Flat indices of the survivors in the order in which their values are stored; undefined for all
 * places in flat order. Holds 4 bytes a survivor, and no more than the header says.
 */
export function decodePositions(bytes: Uint8Array, entry: PositionsEntry): Uint32Array | undefined {
  const { kind, shape, size, kept, countParameter } = entry
  if (kind === 'bitmap') return readBitmap(bytes, size, kept)
  if (kind !== 'all') return readRows(bytes, { rows: rowsOf(kind, shape), kept, countParameter })
  if (bytes.length > 0) throw refusal('no positions', `${bytes.length} bytes`)
  return undefined
}

/** A bit a place, from the lowest bit of the first byte on. */
function writeBitmap(order: Uint32Array, size: number): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(size / 8))
  for (let i = 0; i < order.length; i++) bytes[order[i]! >>> 3]! |= 1 << (order[i]! & 7)
  return bytes
}

function readBitmap(bytes: Uint8Array, size: number, kept: number): Uint32Array {
  if (bytes.length !== Math.ceil(size / 8))
    throw refusal(`a bitmap of ${size} bits`, `${bytes.length} bytes`)
  const order = new Uint32Array(kept)
  let next = 0
  for (let at = 0; at < bytes.length; at++) {
    for (let left = bytes[at]!; left !== 0; left &= left - 1)
      order[next++] = 8 * at + 31 - Math.clz32(left & -left)
  }
  if (next !== kept) throw refusal(`${kept} positions`, next)
  if (kept > 0 && order[kept - 1]! >= size)
    throw refusal(`positions below ${size}`, order[kept - 1])
  return order
}
