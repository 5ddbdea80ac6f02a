/** The bytes of a view, shared with it. */
export function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

/** A copy that views of 2 and 4 bytes can be made of. */
export function alignedCopy(bytes: Uint8Array): ArrayBuffer {
  // slice() would copy nothing where the bytes are a Buffer of Node.
  return new Uint8Array(bytes).buffer
}

/** Parts one after the other. */
export function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let offset = 0
  for (const part of parts) {
    bytes.set(part, offset)
    offset += part.length
  }
  return bytes
}
