import { elementBytes } from '../model/elements.js'
import { sizeOf } from '../model/size-of.js'
import { finish, inPortions, type Turn, type Work } from '../model/work.js'
import { decodePositions } from '../positions/positions.js'
import { decodeValues } from './decode-values.js'
import type { WeightEntry } from './header.js'

/**
 * Reads a section whose checksum holds: the weight's elements, zeros as +0.
 *
 * Beside the section and the result it holds at most 16 bytes a survivor: its place, its channel,
 * its value in planes, and its value as a whole.
 */
export async function decodeWeight(
  entry: WeightEntry,
  section: Uint8Array,
  turn: Turn,
): Promise<ArrayBuffer> {
  const { shape, dtype, kept, positions: kind, countParameter, positionBytes } = entry
  const size = sizeOf(shape)
  const places = { kind, shape, size, kept, countParameter }
  const order = await finish(decodePositions(section.subarray(0, positionBytes), places), turn)
  const values = await decodeValues(section.subarray(positionBytes), entry, { order, turn })
  return order ? finish(scatter(values, order, size * elementBytes(dtype)), turn) : values
}

/** Puts values of 4 bytes at their places, +0 at all others. */
function* scatter(values: ArrayBuffer, order: Uint32Array, bytes: number): Work<ArrayBuffer> {
  const from = new Uint32Array(values)
  const to = new Uint32Array(bytes / 4)
  yield* inPortions(order.length, (start, end) => {
    for (let i = start; i < end; i++) to[order[i]!] = from[i]!
  })
  return to.buffer
}
