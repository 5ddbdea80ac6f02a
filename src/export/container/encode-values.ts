import { encodeCodebook } from '../values/codebook.js'
import { encodeFloat16 } from '../values/float16.js'
import { encodeInt8 } from '../values/int8.js'
import { bitsOf } from '../values/value-type.js'
import { deflateBelow, joined } from './deflate.js'
import type { StoredType } from './header.js'
import { packIndices } from './packed-indices.js'
import { toPlanes } from './planes.js'

/** The values of a section as bytes. */
export interface EncodedValues {
  readonly bytes: Uint8Array
  readonly deflated: boolean
  /** Entries of a codebook. */
  readonly centres?: number
}

/** Values before they are deflated, if they are. */
interface PlainValues {
  /** What comes before the elements: steps of channels, or the centres of a codebook. */
  readonly head: Uint8Array
  /** The elements. */
  readonly body: Uint8Array
  /** Bytes of an element. */
  readonly width: number
  /** The elements where nothing is deflated, if they are shorter then. */
  readonly packed?: Uint8Array
  readonly centres?: number
}

/**
 * Writes the values of survivors in the order of their positions; deflated, in planes, where that is smaller.
 *
 * @param values The survivors; their bits are kept as they are for float32, int32 and bool.
 * @param channelsOf Gives the output channel of each survivor; asked for int8 only.
 */
export async function encodeValues(
  values: Float32Array | Int32Array | Uint8Array,
  type: StoredType,
  channelsOf: () => Uint32Array,
): Promise<EncodedValues> {
  if (values.length === 0) return { bytes: new Uint8Array(0), deflated: false, ...(isCodebook(type) && { centres: 0 }) }
  const { head, body, width, packed = body, centres } = plainValues(values, type, channelsOf)
  const size = head.length + packed.length
  const deflated = await deflateBelow(joined([head, toPlanes(body, width)]), size)
  const bytes = deflated ?? joined([head, packed])
  return { bytes, deflated: deflated !== undefined, ...(centres !== undefined && { centres }) }
}

function plainValues(
  values: Float32Array | Int32Array | Uint8Array,
  type: StoredType,
  channelsOf: () => Uint32Array,
): PlainValues {
  const none = new Uint8Array(0)
  if (type === 'float32' || type === 'int32') return { head: none, body: bytesOf(values), width: 4 }
  if (type === 'bool') return { head: none, body: bytesOf(values), width: 1 }
  if (type === 'float16') return { head: none, body: bytesOf(encodeFloat16(values as Float32Array)), width: 2 }
  if (type === 'int8') {
    const { codes, scale, steps } = encodeInt8(values as Float32Array, channelsOf())
    return { head: joined([bytesOf(Float32Array.of(scale)), steps]), body: bytesOf(codes), width: 1 }
  }
  const { indices, centres } = encodeCodebook(values as Float32Array, bitsOf(type))
  const packed = packIndices(indices, bitsOf(type))
  return { head: bytesOf(centres), body: indices, width: 1, packed, centres: centres.length }
}

function isCodebook(type: StoredType): boolean {
  return type.startsWith('codebook')
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}
