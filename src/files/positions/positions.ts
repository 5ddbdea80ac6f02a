import { sizeOf } from '../../internal/size-of.js'
import { refusal } from '../model/refusal.js'
import { inPortions, type Work } from '../model/work.js'
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
export function* encodePositions(
  ascending: Uint32Array,
  shape: readonly number[],
): Work<EncodedPositions> {
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
    const marked = yield* markedRows(ascending, rowsOf(kind, shape))
    const bits = yield* rowBits(marked)
    if (Math.ceil(bits / 8) < Math.ceil(best.bits / 8)) best = { kind, bits, marked }
  }
  const { kind, bits, marked } = best
  const bytes = yield* marked ? writeRows(marked, bits) : writeBitmap(ascending, size)
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
export function* decodePositions(
  bytes: Uint8Array,
  entry: PositionsEntry,
): Work<Uint32Array | undefined> {
  const { kind, shape, size, kept, countParameter } = entry
  if (kind === 'bitmap') return yield* readBitmap(bytes, size, kept)
  const rows = kind === 'all' ? undefined : rowsOf(kind, shape)
  if (rows) return yield* readRows(bytes, { rows, kept, countParameter })
  if (bytes.length > 0) throw refusal('no positions', `${bytes.length} bytes`)
  return undefined
}

/** A bit a place, from the lowest bit of the first byte on. */
function* writeBitmap(order: Uint32Array, size: number): Work<Uint8Array> {
  const bytes = new Uint8Array(Math.ceil(size / 8))
  yield* inPortions(order.length, (from, to) => {
    for (let i = from; i < to; i++) bytes[order[i]! >>> 3]! |= 1 << (order[i]! & 7)
  })
  return bytes
}

function* readBitmap(bytes: Uint8Array, size: number, kept: number): Work<Uint32Array> {
  if (bytes.length !== Math.ceil(size / 8))
    throw refusal(`a bitmap of ${size} bits`, `${bytes.length} bytes`)
  const order = new Uint32Array(kept)
  let next = 0
  yield* inPortions(bytes.length, (from, to) => {
    let place = next
    for (let at = from; at < to; at++) {
      for (let left = bytes[at]!; left !== 0; left &= left - 1)
        order[place++] = 8 * at + 31 - Math.clz32(left & -left)
    }
    next = place
  })
  if (next !== kept) throw refusal(`${kept} positions`, next)
  if (kept > 0 && order[kept - 1]! >= size)
    throw refusal(`positions below ${size}`, order[kept - 1])
  return order
}
