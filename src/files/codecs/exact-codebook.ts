import { PORTION, type Work } from '../model/work.js'
import type { CodebookValues } from './nearest-centres.js'

/**
 * The codebook of all values that occur, ascending, as where a model was quantised before;
 * undefined where more than `most` differ, or one is not finite: a codebook might not keep the bits
 * of a NaN.
 */
export function* exactCodebook(
  values: Float32Array,
  most: number,
): Work<CodebookValues | undefined> {
  const places = new Map<number, number>()
  const indices = new Uint8Array(values.length)
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    let place = places.get(value)
    if (place === undefined) {
      place = places.size
      if (place === most || !Number.isFinite(value)) return undefined
      places.set(value, place)
    }
    indices[i] = place
    if (i % PORTION === 0) yield
  }
  const found = Float32Array.from(places.keys())
  const centres = found.slice().sort()
  const sorted = new Uint8Array(found.length)
  for (const [rank, centre] of centres.entries()) sorted[places.get(centre)!] = rank
  for (let i = 0; i < indices.length; i++) {
    indices[i] = sorted[indices[i]!]!
    if (i % PORTION === 0) yield
  }
  return { indices, centres }
}
