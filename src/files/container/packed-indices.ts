import { refusal } from '../model/refusal.js'
import { PORTION, type Work } from '../model/work.js'

/** Bits of an element where it is packed, and its bytes where it is not. */
interface ElementSize {
  readonly bits: number
  readonly width: number
}

/** Bytes of packed elements. */
export function packedBytes(count: number, { bits }: ElementSize): number {
  return Math.ceil((count * bits) / 8)
}

/** Elements side by side where their bits are fewer than those of their bytes. */
export function* packBody(body: Uint8Array, { bits, width }: ElementSize): Work<Uint8Array> {
  return bits < 8 * width ? yield* packIndices(body, bits) : body
}

/** Undoes {@link packBody}. */
export function* unpackBody(
  bytes: Uint8Array,
  { bits, width }: ElementSize,
  count: number,
): Work<Uint8Array> {
  return bits < 8 * width ? yield* unpackIndices(bytes, bits, count) : bytes
}

/**
 * Whole numbers of `width` bits (1 to 8) side by side, from the lowest bit of the first byte on.
 */
export function* packIndices(indices: Uint8Array, width: number): Work<Uint8Array> {
  const bytes = new Uint8Array(Math.ceil((indices.length * width) / 8))
  let held = 0
  let count = 0
  let next = 0
  for (let i = 0; i < indices.length; i++) {
    held |= indices[i]! << count
    count += width
    if (count >= 8) {
      bytes[next++] = held
      held >>>= 8
      count -= 8
    }
    if (i % PORTION === 0) yield
  }
  if (count > 0) bytes[next] = held
  return bytes
}

/** Undoes {@link packIndices}. Throws a RangeError where a bit behind the last one is not 0. */
export function* unpackIndices(bytes: Uint8Array, width: number, length: number): Work<Uint8Array> {
  const indices = new Uint8Array(length)
  const mask = (1 << width) - 1
  let held = 0
  let count = 0
  let next = 0
  for (let i = 0; i < length; i++) {
    if (count < width) {
      held |= bytes[next++]! << count
      count += 8
    }
    indices[i] = held & mask
    held >>>= width
    count -= width
    if (i % PORTION === 0) yield
  }
  if (held !== 0) throw refusal('bits 0 behind the last value', 'others')
  return indices
}
