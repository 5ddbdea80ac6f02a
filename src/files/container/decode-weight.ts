import { sizeOf } from '../../internal/size-of.js'
import { elementBytes } from '../model/elements.js'
import { finish, inPortions, type Turn, type Work } from '../model/work.js'
import { decodePositions } from '../positions/positions.js'
import { decodeValues } from './decode-values.js'
import type { WeightEntry } from './header.js'

/** Reads the section of a weight, whose checksum holds. */
export type DecodeWeight<T> = (entry: WeightEntry, section: Uint8Array, turn: Turn) => Promise<T>

/** The elements of a weight that are left. */
export interface Survivors {
  /** Their places, ascending; undefined where all are left. */
  readonly positions: Uint32Array | undefined
  /** Elements of the weight's dtype. */
  readonly values: ArrayBuffer
}

/**
 * Reads the elements that are left.
 *
 * Beside the section and the result it holds at most 12 bytes a survivor: its channel, its value in
 * planes, and its value as a whole.
 */
export const decodeSurvivors: DecodeWeight<Survivors> = async (entry, section, turn) => {
  const { shape, dtype, kept, positions: kind, countParameter, positionBytes } = entry
  const size = dtype === 'string' ? kept : sizeOf(shape)
  const places = { kind, shape, size, kept, countParameter }
  const order = await finish(decodePositions(section.subarray(0, positionBytes), places), turn)
  const values = await decodeValues(section.subarray(positionBytes), entry, { order, turn })
  return { positions: order, values }
}

/** Reads all elements, zeros as +0. */
export const decodeWeight: DecodeWeight<ArrayBuffer> = async (entry, section, turn) => {
  const { positions, values } = await decodeSurvivors(entry, section, turn)
  if (!positions) return values
  const bytes = sizeOf(entry.shape) * elementBytes(entry.dtype)
  return finish(scatter(values, positions, bytes), turn)
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
