import type { CodebookValues } from './nearest-centres.js'

/**
 * The codebook of all values that occur, ascending, as where a model was quantised before;
 * undefined where more than `most` differ, or one is not finite: a codebook might not keep the bits
 * of a NaN.
 */
export function exactCodebook(values: Float32Array, most: number): CodebookValues | undefined {
  const places = new Map<number, number>()
  for (const value of values) {
    if (places.has(value)) continue
    if (places.size === most || !Number.isFinite(value)) return undefined
    places.set(value, 0)
  }
  const centres = Float32Array.from(places.keys()).sort()
  for (const [place, centre] of centres.entries()) places.set(centre, place)
  const indices = new Uint8Array(values.length)
  for (let i = 0; i < values.length; i++) indices[i] = places.get(values[i]!)!
  return { indices, centres }
}
