import type { io } from '@tensorflow/tfjs-core'

/** Bytes that lie in one buffer or several. */
export interface ByteSlices {
  readonly length: number
  /** A copy of the bytes from `from` on, below `to`. */
  readonly slice: (from: number, to: number) => ArrayBuffer
}

/**
 * Weight data as a whole. `io.CompositeArrayBuffer` gives zeros for the middle of a last buffer
 * that is longer than all others, which are of one length.
 */
export function byteSlices(data: io.WeightData): ByteSlices {
  let length = 0
  const parts = [data].flat().map((buffer) => {
    const start = length
    length += buffer.byteLength
    return { bytes: bytesOf(buffer), start, end: length }
  })
  const slice = (from: number, to: number) => {
    const copy = new Uint8Array(Math.max(0, Math.min(to, length) - from))
    for (const { bytes, start, end } of parts) {
      if (end <= from || start >= to) continue
      const inside = bytes.subarray(Math.max(from - start, 0), to - start)
      copy.set(inside, Math.max(start - from, 0))
    }
    return copy.buffer
  }
  return { length, slice }
}

/** Declared as a buffer; some handlers give views of bytes. */
function bytesOf(buffer: ArrayBuffer | Uint8Array): Uint8Array {
  if (!ArrayBuffer.isView(buffer)) return new Uint8Array(buffer)
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
}
