import { joined } from '../codecs/bytes.js'
import type { CodedValues, StoredType, Survivors, TypeFields } from '../codecs/codec.js'
import { codecs } from '../codecs/codecs.js'
import { encoders } from '../codecs/encoders.js'
import { deflateBelow } from './deflate.js'
import { packBody } from './packed-indices.js'
import { entropyOfBytes, toPlanes } from './planes.js'

/**
 * Planes whose bytes take a larger share of their bits than this are not worth the time that
 * deflating takes.
 */
const WORTH = 0.985

/** The values of a section as bytes. */
export interface EncodedValues extends WrittenBytes {
  /** The type that was asked for, or one that loses no more and is shorter. */
  readonly type: StoredType
  /** The fields that the type adds to the header. */
  readonly fields: TypeFields
}

interface WrittenBytes {
  readonly bytes: Uint8Array
  /** Planes that are deflated, ascending. */
  readonly deflated?: readonly number[]
}

/**
 * Writes the values of survivors in the order of their positions, deflated plane by plane where
 * that is smaller. Types that lose no more are tried too, and the shortest one is taken: float32
 * values of which few differ go by a codebook, and a codebook gives way where float32 is shorter.
 *
 * @param survivors Their bits are kept as they are for float32, int32 and bool.
 */
export async function encodeValues(survivors: Survivors, type: StoredType): Promise<EncodedValues> {
  const tried = new Set([type])
  let last = await encodeAs(survivors, type)
  let best = last
  for (;;) {
    const other = encoders[last.type].instead?.(survivors.values, last.bytes.length)
    if (other === undefined || tried.has(other)) return best
    tried.add(other)
    last = await encodeAs(survivors, other)
    if (last.bytes.length < best.bytes.length) best = last
  }
}

/** No values take no bytes, not even those of a head. */
async function encodeAs(survivors: Survivors, type: StoredType): Promise<EncodedValues> {
  const coded = encoders[type].encode(survivors)
  const { fields } = coded
  if (survivors.values.length === 0) return { type, fields, bytes: new Uint8Array(0) }
  return { type, fields, ...(await writeParts(coded, type)) }
}

/** The head and the packed elements, or planes where those are smaller. */
async function writeParts(coded: CodedValues, type: StoredType): Promise<WrittenBytes> {
  const { head, body } = coded
  const packed = packBody(body, codecs[type])
  const limit = head.length + packed.length
  const mostEntropy = (8 * packed.length) / body.length
  const planes = toPlanes(body, codecs[type].width)
  const smaller = await deflatePlanes(head, planes, { limit, mostEntropy })
  return smaller ?? { bytes: joined([head, packed]) }
}

/**
 * Planes as they are, then one stream of the head and the planes that deflate; undefined where that
 * is not smaller than `limit` bytes.
 */
async function deflatePlanes(
  head: Uint8Array,
  planes: readonly Uint8Array[],
  { limit, mostEntropy }: { limit: number; mostEntropy: number },
): Promise<WrittenBytes | undefined> {
  const deflated = [...planes.keys()].filter(
    (plane) => entropyOfBytes(planes[plane]!) < WORTH * mostEntropy,
  )
  if (deflated.length === 0) return undefined
  const plain = planes.filter((_, plane) => !deflated.includes(plane))
  const left = plain.reduce((sum, { length }) => sum + length, 0)
  const parts = joined([head, ...deflated.map((plane) => planes[plane]!)])
  const stream = await deflateBelow(parts, limit - left)
  return stream && { bytes: joined([...plain, stream]), deflated }
}
