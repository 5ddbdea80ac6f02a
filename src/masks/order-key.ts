/**
 * Maps float32 bits to signed integers of the same order: negative floats count down. Both zeros
 * get key 0.
 */
export function orderKey(bits: number): number {
  const key = bits ^ ((bits >> 31) & 0x7fff_ffff)
  return key === -1 ? 0 : key
}

/** The bits of float32 scores, in place. */
export function bitsOf(scores: Float32Array): Int32Array {
  return new Int32Array(scores.buffer, scores.byteOffset, scores.length)
}
