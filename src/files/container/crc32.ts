import { inPortions, type Work } from '../model/work.js'

/**
 * Remainders of the reflected polynomial 0xedb88320: [k * 256 + b] is that of byte b with k zero
 * bytes behind it.
 */
let table: Int32Array | undefined

/**
 * CRC-32 of bytes, that of gzip and PNG; 0 for none. Every change of a single byte changes it.
 *
 * @param previous The sum of the bytes before, to go on with.
 */
export function crc32(bytes: Uint8Array, previous = 0): number {
  table ??= makeTable()
  let sum = ~previous
  let i = 0
  for (const end = bytes.length - 3; i < end; i += 4) {
    const word =
      sum ^ (bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24))
    sum =
      table[768 | (word & 255)]! ^
      table[512 | ((word >>> 8) & 255)]! ^
      table[256 | ((word >>> 16) & 255)]! ^
      table[word >>> 24]!
  }
  for (; i < bytes.length; i++) sum = table[(sum ^ bytes[i]!) & 255]! ^ (sum >>> 8)
  return ~sum >>> 0
}

/** As {@link crc32}, piece by piece. */
export function* crc32InPortions(bytes: Uint8Array, previous = 0): Work<number> {
  let sum = previous
  yield* inPortions(bytes.length, (from, to) => {
    sum = crc32(bytes.subarray(from, to), sum)
  })
  return sum
}

function makeTable(): Int32Array {
  const made = new Int32Array(1024)
  for (let byte = 0; byte < 256; byte++) {
    let sum = byte
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1
    made[byte] = sum
  }
  for (let i = 256; i < 1024; i++) made[i] = made[made[i - 256]! & 255]! ^ (made[i - 256]! >>> 8)
  return made
}
