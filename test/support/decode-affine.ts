import type { AffineValues } from '../../src/files/stock/affine.js'

/** The values that stock tfjs computes: code * scale + min in float64, rounded to float32. */
export function decodeAffine({ codes, scale, min }: AffineValues): Float32Array {
  const values = new Float32Array(codes.length)
  for (let i = 0; i < codes.length; i++) values[i] = codes[i]! * scale + min
  return values
}
