/** The bytes of buffers one after the other, in one buffer. */
export function joinedBuffers(buffers: readonly ArrayBuffer[]): ArrayBuffer {
  const joined = new Uint8Array(buffers.reduce((sum, { byteLength }) => sum + byteLength, 0))
  let at = 0
  for (const buffer of buffers) {
    joined.set(new Uint8Array(buffer), at)
    at += buffer.byteLength
  }
  return joined.buffer
}
