import type { Elements, ElementType } from '../model/elements.js'
import { alignedCopy, bytesOf } from './bytes.js'
import type { Codec } from './codec.js'

/** A codec that stores each element as it is. */
export function plain<E extends Elements>(dtype: ElementType, width: number): Codec<E> {
  return {
    dtype,
    bits: 8 * width,
    width,
    holds: 'any values',
    fits: () => true,
    encode: ({ values }) => ({ head: new Uint8Array(0), body: bytesOf(values), fields: {} }),
    decode: ({ body }) => alignedCopy(body),
    headBytes: () => 0,
    mostBytes: ({ kept }) => width * kept,
  }
}
