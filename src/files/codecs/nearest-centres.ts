import { countUpTo } from '../../internal/mid-ranks.js'
import { kMeans } from './k-means.js'

/** Values as places in a list of few values. */
export interface CodebookValues {
  /** Place of each value's centre. */
  readonly indices: Uint8Array
  /** At most 2^bits values, ascending, all different: float32. */
  readonly centres: Float32Array
}

/**
 * Each value as the nearest of at most 2^bits centres, which k-means places on the line.
 *
 * Where no more than 2^bits values differ, they are the centres, and nothing is lost. Otherwise the
 * sum of squared errors is a local minimum, in the tests at most 15 % above the least of all. All
 * arithmetic is additions, multiplications and divisions of float64 in a fixed order, so that every
 * engine makes the same bytes. A value in the middle of two centres takes the upper one.
 *
 * @param values Finite values, such as those that a mask keeps.
 * @param bits 1 to 8.
 */
export function encodeCodebook(values: Float32Array, bits: number): CodebookValues {
  const centres = Float32Array.from(
    kMeans(values.slice().sort(), 2 ** bits),
    (centre) => Math.fround(centre) + 0,
  )
  const middles = new Float64Array(Math.max(centres.length - 1, 0))
  for (let i = 0; i < middles.length; i++) middles[i] = (centres[i]! + centres[i + 1]!) / 2
  const indices = new Uint8Array(values.length)
  for (let i = 0; i < values.length; i++) indices[i] = countUpTo(middles, values[i]!)
  return { indices, centres }
}

/** The centre of each value. */
export function decodeCodebook({ indices, centres }: CodebookValues): Float32Array<ArrayBuffer> {
  const values = new Float32Array(indices.length)
  for (let i = 0; i < indices.length; i++) values[i] = centres[indices[i]!]!
  return values
}
