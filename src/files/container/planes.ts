import { inPortions, type Work } from '../model/work.js'

/**
 * A plane of bytes: plane 0 holds the lowest byte of each element, plane 1 the next one, and so on.
 * Exponents side by side deflate well.
 */
export function* planeOf(bytes: Uint8Array, width: number, plane: number): Work<Uint8Array> {
  if (width === 1) return bytes
  const values = new Uint8Array(bytes.length / width)
  yield* inPortions(values.length, (start, end) => {
    for (let i = start, from = start * width + plane; i < end; i++, from += width)
      values[i] = bytes[from]!
  })
  return values
}

/** The elements of all planes. */
export function* fromPlanes(planes: readonly Uint8Array[]): Work<Uint8Array> {
  const [first] = planes
  const width = planes.length
  if (width === 1) return first!
  const bytes = new Uint8Array(first!.length * width)
  for (const [plane, values] of planes.entries()) {
    yield* inPortions(values.length, (start, end) => {
      for (let i = start, to = start * width + plane; i < end; i++, to += width)
        bytes[to] = values[i]!
    })
  }
  return bytes
}

/** Entropy of the bytes of a plane, in bits a byte: -sum of p log2 p over the 256 bytes. */
export function* entropyOfBytes(plane: Uint8Array): Work<number> {
  const counts = new Float64Array(256)
  yield* inPortions(plane.length, (from, to) => {
    for (let i = from; i < to; i++) counts[plane[i]!]! += 1
  })
  return counts.reduce(
    (sum, count) =>
      count > 0 ? sum - (count / plane.length) * Math.log2(count / plane.length) : sum,
    0,
  )
}
