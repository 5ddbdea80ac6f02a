/**
 * The sum of values that are 0 or 1. Four at a time, where they begin at a multiple of 4 bytes: each
 * byte of a 32-bit word counts for itself, up to 255 words long.
 */
export function countOnes(values: Uint8Array): number {
  const { buffer, byteOffset, length } = values
  const words = byteOffset % 4 > 0 ? [] : new Int32Array(buffer, byteOffset, length >> 2)
  let ones = 0
  for (let begin = 0; begin < words.length; begin += 255) {
    const end = Math.min(begin + 255, words.length)
    let sums = 0
    for (let i = begin; i < end; i++) sums = (sums + words[i]!) | 0
    for (let shift = 0; shift < 32; shift += 8) ones += (sums >> shift) & 255
  }
  for (let i = words.length * 4; i < length; i++) ones += values[i]!
  return ones
}
