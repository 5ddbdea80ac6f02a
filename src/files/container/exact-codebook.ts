import type { CodebookValues } from '../values/codebook.js'
import { bitsOf, type CompressedType, compressedTypes } from '../values/value-type.js'

const MOST = 256

/** Values by a codebook in which nothing is lost. */
export interface ExactCodebook extends CodebookValues {
  readonly type: CompressedType
}

/**
 * The codebook of values of which at most 256 differ, as where a model was quantised before;
 * undefined for others, and where a value is not finite, whose bits a codebook might not keep.
 */
export function exactCodebook(values: Float32Array): ExactCodebook | undefined {
  const places = new Map<number, number>()
  for (const value of values) {
    if (places.has(value)) continue
    if (places.size === MOST || !Number.isFinite(value)) return undefined
    places.set(value, 0)
  }
  const centres = Float32Array.from(places.keys()).sort()
  for (const [place, centre] of centres.entries()) places.set(centre, place)
  const indices = new Uint8Array(values.length)
  for (let i = 0; i < values.length; i++) indices[i] = places.get(values[i]!)!
  const type = compressedTypes.find(
    (one) => one.startsWith('codebook') && 2 ** bitsOf(one) >= centres.length,
  )!
  return { indices, centres, type }
}
