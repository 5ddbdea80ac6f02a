import { type io, util } from '@tensorflow/tfjs-core'

const BYTES: Readonly<Record<string, number>> = {
  uint8: 1,
  uint16: 2,
  float16: 2,
  float32: 4,
  int32: 4,
  bool: 1,
  complex64: 8,
}

/**
 * Bytes of an element that stock tfjs stores so; undefined for texts, and where it knows no such.
 */
export function bytesOfElement(dtype: string): number | undefined {
  return Object.hasOwn(BYTES, dtype) ? BYTES[dtype] : undefined
}

/** Bytes of one weight as it is stored; it holds no texts. */
export function bytesOfWeight({ shape, dtype, quantization }: io.WeightsManifestEntry): number {
  return util.sizeFromShape([...shape]) * bytesOfElement(quantization?.dtype ?? dtype)!
}
