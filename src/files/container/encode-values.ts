import { type CodebookValues, encodeCodebook } from '../values/codebook.js'
import { encodeFloat16 } from '../values/float16.js'
import { encodeInt8 } from '../values/int8.js'
import { bitsOf } from '../values/value-type.js'
import { deflateBelow, joined } from './deflate.js'
import { exactCodebook } from './exact-codebook.js'
import type { StoredType } from './header.js'
import { packIndices } from './packed-indices.js'
import { entropyOfBytes, toPlanes } from './planes.js'

/**
 * Planes whose bytes take a larger share of their bits than this are not worth the time that
 * deflating takes.
 */
const WORTH = 0.985

/** The values of a section as bytes. */
export interface EncodedValues {
  /** How they are stored: as asked for, or by a codebook that loses nothing. */
  readonly type: StoredType
  readonly bytes: Uint8Array
  /** Planes that are deflated, ascending. */
  readonly deflated?: readonly number[]
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
 * Writes the values of survivors in the order of their positions; deflated plane by plane where
 * that is smaller. Float32 values of which few differ are written by a codebook where that is
 * smaller, and a codebook gives way where float32 is.
 *
 * @param values The survivors; their bits are kept as they are for float32, int32 and bool.
 * @param channelsOf Gives the output channel of each survivor; asked for int8 only.
 */
export async function encodeValues(
  values: Float32Array | Int32Array | Uint8Array,
  type: StoredType,
  channelsOf: () => Uint32Array,
): Promise<EncodedValues> {
  if (values.length === 0)
    return { type, bytes: new Uint8Array(0), ...(type.startsWith('codebook') && { centres: 0 }) }
  const asAsked = { type, ...(await writeValues(plainValues(values, type, channelsOf))) }
  const exact = await exactly(values, type, asAsked.bytes.length)
  return exact && exact.bytes.length < asAsked.bytes.length ? exact : asAsked
}

/**
 * A way in which nothing is lost that may be shorter: a codebook of few values, or none where its
 * table is too long.
 */
async function exactly(
  values: Float32Array | Int32Array | Uint8Array,
  type: StoredType,
  asked: number,
): Promise<EncodedValues | undefined> {
  if (type.startsWith('codebook') && asked > 2 * values.length) {
    return encodeValues(values, 'float32', () => new Uint32Array(0))
  }
  const few = type === 'float32' ? exactCodebook(values as Float32Array) : undefined
  return few && { type: few.type, ...(await writeValues(codebookValues(few, bitsOf(few.type)))) }
}

type Written = Omit<EncodedValues, 'type'>

async function writeValues(plain: PlainValues): Promise<Written> {
  const { head, body, packed = body, centres } = plain
  const smaller = await deflatePlanes(plain, head.length + packed.length)
  return {
    ...(smaller ?? { bytes: joined([head, packed]) }),
    ...(centres !== undefined && { centres }),
  }
}

/**
 * Planes as they are, then one stream of the head and the planes that deflate; undefined where that
 * is not smaller.
 */
async function deflatePlanes(
  { head, body, width, packed = body }: PlainValues,
  limit: number,
): Promise<Written | undefined> {
  const planes = toPlanes(body, width)
  const most = (8 * packed.length) / body.length
  const deflated = [...planes.keys()].filter(
    (plane) => entropyOfBytes(planes[plane]!) < WORTH * most,
  )
  if (deflated.length === 0) return undefined
  const plain = planes.filter((_, plane) => !deflated.includes(plane))
  const left = plain.reduce((sum, { length }) => sum + length, 0)
  const stream = await deflateBelow(
    joined([head, ...deflated.map((plane) => planes[plane]!)]),
    limit - left,
  )
  return stream && { bytes: joined([...plain, stream]), deflated }
}

function plainValues(
  values: Float32Array | Int32Array | Uint8Array,
  type: StoredType,
  channelsOf: () => Uint32Array,
): PlainValues {
  const none = new Uint8Array(0)
  if (type === 'float32' || type === 'int32') return { head: none, body: bytesOf(values), width: 4 }
  if (type === 'bool') return { head: none, body: bytesOf(values), width: 1 }
  if (type === 'float16')
    return { head: none, body: bytesOf(encodeFloat16(values as Float32Array)), width: 2 }
  if (type === 'int8') {
    const { codes, scale, steps } = encodeInt8(values as Float32Array, channelsOf())
    return {
      head: joined([bytesOf(Float32Array.of(scale)), steps]),
      body: bytesOf(codes),
      width: 1,
    }
  }
  return codebookValues(encodeCodebook(values as Float32Array, bitsOf(type)), bitsOf(type))
}

function codebookValues({ indices, centres }: CodebookValues, bits: number): PlainValues {
  const packed = packIndices(indices, bits)
  return { head: bytesOf(centres), body: indices, width: 1, packed, centres: centres.length }
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}
