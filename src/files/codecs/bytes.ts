import { inPortions, type Work } from '../model/work.js'

/** The bytes of a view, shared with it. */
export function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

/** A copy that views of 2 and 4 bytes can be made of. */
export function* alignedCopy(bytes: Uint8Array): Work<ArrayBuffer> {
  return (yield* joined([bytes])).buffer
}

/** Parts one after the other: a copy. */
export function* joined(parts: readonly Uint8Array[]): Work<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let offset = 0
  for (const part of parts) {
    yield* inPortions(part.length, (from, to) => bytes.set(part.subarray(from, to), offset + from))
    offset += part.length
  }
  return bytes
}
