/**
 * Planes of bytes: the lowest byte of each element, then the next byte of each, and so on.
 * Exponents side by side deflate well.
 */
export function toPlanes(bytes: Uint8Array, width: number): Uint8Array[] {
  if (width === 1) return [bytes]
  const count = bytes.length / width
  return Array.from({ length: width }, (_, plane) => {
    const values = new Uint8Array(count)
    for (let i = 0, from = plane; i < count; i++, from += width) values[i] = bytes[from]!
    return values
  })
}

/** Undoes {@link toPlanes}. */
export function fromPlanes(planes: readonly Uint8Array[]): Uint8Array {
  const [first] = planes
  if (planes.length === 1) return first!
  const bytes = new Uint8Array(first!.length * planes.length)
  for (const [plane, values] of planes.entries()) {
    for (let i = 0, to = plane; i < values.length; i++, to += planes.length) bytes[to] = values[i]!
  }
  return bytes
}

/** Entropy of the bytes of a plane, in bits a byte: -sum of p log2 p over the 256 bytes. */
export function entropyOfBytes(plane: Uint8Array): number {
  const counts = new Float64Array(256)
  for (let i = 0; i < plane.length; i++) counts[plane[i]!]! += 1
  return counts.reduce(
    (sum, count) =>
      count > 0 ? sum - (count / plane.length) * Math.log2(count / plane.length) : sum,
    0,
  )
}
