/** The lowest byte of all elements, then the next one of all, and so on: exponents side by side deflate well. */
export function toPlanes(bytes: Uint8Array, width: number): Uint8Array {
  if (width === 1) return bytes
  const count = bytes.length / width
  const planes = new Uint8Array(bytes.length)
  for (let plane = 0; plane < width; plane++) {
    for (let i = 0, from = plane, to = plane * count; i < count; i++, from += width) planes[to + i] = bytes[from]!
  }
  return planes
}

/** Undoes {@link toPlanes}. */
export function fromPlanes(planes: Uint8Array, width: number): Uint8Array {
  if (width === 1) return planes
  const count = planes.length / width
  const bytes = new Uint8Array(planes.length)
  for (let plane = 0; plane < width; plane++) {
    for (let i = 0, from = plane * count, to = plane; i < count; i++, to += width) bytes[to] = planes[from + i]!
  }
  return bytes
}
