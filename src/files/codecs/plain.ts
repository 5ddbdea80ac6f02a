import type { ElementType } from '../model/elements.js'
import { ready } from '../model/work.js'
import { alignedCopy, bytesOf } from './bytes.js'
import type { Codec, Encoder } from './codec.js'

/** A codec that stores each element as it is. */
export function plain(dtype: ElementType, width: number): Codec {
  return {
    dtype,
    bits: 8 * width,
    width,
    holds: 'any values',
    fits: () => true,
    decode: ({ body }) => alignedCopy(body),
    headBytes: () => ready(0),
    mostBytes: ({ kept }) => width * kept,
  }
}

/** Elements as they are, of any type. */
export const plainEncoder: Encoder = {
  encode: ({ values }) => ready({ head: new Uint8Array(0), body: bytesOf(values), fields: {} }),
}
