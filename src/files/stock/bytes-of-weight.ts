import type { io } from '@tensorflow/tfjs-core'
import { sizeOf } from '../model/size-of.js'
import { stockCodecs } from './stock-codecs.js'

const BYTES: Readonly<Record<string, number>> = { float32: 4, int32: 4, bool: 1, complex64: 8 }

/**
 * Bytes of an element that stock tfjs stores so; undefined for texts, and where it knows no such.
 */
export function bytesOfElement(dtype: string): number | undefined {
  if (Object.hasOwn(stockCodecs, dtype))
    return stockCodecs[dtype as keyof typeof stockCodecs].bits / 8
  return Object.hasOwn(BYTES, dtype) ? BYTES[dtype] : undefined
}

/** Bytes of one weight as it is stored. */
export function bytesOfWeight({ shape, dtype, quantization }: io.WeightsManifestEntry): number {
  return sizeOf(shape) * bytesOfElement(quantization?.dtype ?? dtype)!
}
