import { inPortions, type Work } from '../model/work.js'

/**
 * Values as whole numbers on a straight line, the way of stock tfjs: value = code * scale + min.
 */
export interface AffineValues {
  readonly codes: Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>
  /** Distance of two neighbouring values, above 0: float64. */
  readonly scale: number
  /** Value of code 0: minus a whole multiple of `scale`, at most 0: float64. */
  readonly min: number
}

/**
 * Codes of 8 or 16 bits on a line that passes through zero exactly.
 *
 * With lo = min(0, smallest), hi = max(0, largest) and n = 255 or 65535: scale = (hi - lo) / n, z =
 * round(-lo / scale), code = round(value / scale) + z, min = -(z scale). Code z decodes to +0 and
 * every value to itself within scale / 2, but for the rounding to float32. All in float64, so that
 * the range may be that of float32. Values without a range, all zero or none at all: scale 1 and
 * min 0. Callers refuse values that are not finite.
 */
export function* encodeAffine(values: Float32Array, bits: 8 | 16): Work<AffineValues> {
  const codes = bits === 8 ? new Uint8Array(values.length) : new Uint16Array(values.length)
  const last = 2 ** bits - 1
  let [low, high] = [0, 0]
  yield* inPortions(values.length, (from, to) => {
    let [least, most] = [low, high]
    for (let i = from; i < to; i++) {
      if (values[i]! < least) least = values[i]!
      if (values[i]! > most) most = values[i]!
    }
    low = least
    high = most
  })
  if (low === high) return { codes, scale: 1, min: 0 }
  const scale = (high - low) / last
  const zero = Math.round(-low / scale)
  yield* inPortions(values.length, (from, to) => {
    for (let i = from; i < to; i++)
      codes[i] = Math.min(Math.max(Math.round(values[i]! / scale) + zero, 0), last)
  })
  return { codes, scale, min: 0 - zero * scale }
}
