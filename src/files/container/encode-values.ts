import { joined } from '../codecs/bytes.js'
import type { CodedValues, StoredType, Survivors, TypeFields } from '../codecs/codec.js'
import { codecs } from '../codecs/codecs.js'
import { encoders } from '../codecs/encoders.js'
import { exactTypes } from '../codecs/exact-types.js'
import { lossless } from '../model/value-type.js'
import { finish, type Turn } from '../model/work.js'
import { deflateBelow } from './deflate.js'
import { packBody, packedBytes } from './packed-indices.js'
import { entropyOfBytes, planeOf } from './planes.js'

/**
 * Planes whose bytes take a larger share of their bits than this are not worth the time that
 * deflating takes.
 */
const WORTH = 0.985

/** The values of a section as bytes. */
export interface EncodedValues extends WrittenBytes {
  /** The type that was asked for, or one that loses nothing and is shorter. */
  readonly type: StoredType
  /** The fields that the type adds to the header. */
  readonly fields: TypeFields
}

interface WrittenBytes {
  readonly bytes: Uint8Array
  /** Planes that are deflated, ascending. */
  readonly deflated?: readonly number[]
}

/** How values are written. */
export interface EncodeOptions {
  readonly turn: Turn
  /** The result for {@link lossless}, if it is known. */
  readonly exact?: EncodedValues | undefined
}

/**
 * Writes the values of survivors in the order of their positions, deflated plane by plane where
 * that is smaller. Types that lose nothing of these values are tried too, and the shortest of all is
 * taken: no type makes a weight larger than it is without loss.
 *
 * @param survivors Their bits are kept as they are for float32, int32 and bool.
 */
export async function encodeValues(
  survivors: Survivors,
  type: StoredType,
  { turn, exact }: EncodeOptions,
): Promise<EncodedValues> {
  if (exact && type === lossless) return exact
  let best = (await encodeAs(survivors, type, { limit: Number.POSITIVE_INFINITY, turn }))!
  if (exact) return exact.bytes.length < best.bytes.length ? exact : best
  for (const other of await finish(exactTypes(survivors), turn)) {
    if (other === type) continue
    best = (await encodeAs(survivors, other, { limit: best.bytes.length, turn })) ?? best
  }
  return best
}

interface Limits {
  /** As many bytes are too many. */
  readonly limit: number
  readonly turn: Turn
}

/** Undefined where it takes as many bytes as the limit. No values take none, not even a head. */
async function encodeAs(
  survivors: Survivors,
  type: StoredType,
  limits: Limits,
): Promise<EncodedValues | undefined> {
  const coded = await finish(encoders[type].encode(survivors), limits.turn)
  const { fields } = coded
  if (survivors.values.length === 0) return { type, fields, bytes: new Uint8Array(0) }
  const written = await writeParts(coded, type, limits)
  return written && { type, fields, ...written }
}

/** The head and the packed elements, or planes where those are smaller. */
async function writeParts(
  coded: CodedValues,
  type: StoredType,
  { limit, turn }: Limits,
): Promise<WrittenBytes | undefined> {
  const { head, body } = coded
  const codec = codecs[type]
  const packed = packedBytes(body.length / codec.width, codec)
  const plain = head.length + packed
  const most = Math.min(limit, plain)
  const worth = (WORTH * 8 * packed) / body.length
  const planes = await planesBelow(body, { width: codec.width, worth }, { limit: most, turn })
  const smaller = planes && (await deflatePlanes(head, planes, { limit: most, turn }))
  if (smaller || plain >= limit) return smaller
  const elements = await finish(packBody(body, codec), turn)
  return { bytes: await finish(joined([head, elements]), turn) }
}

interface Planes {
  readonly planes: readonly Uint8Array[]
  /** Those that are worth deflating. */
  readonly deflated: readonly number[]
}

/** The planes; undefined where none deflates, or those that do not take as many bytes alone. */
async function planesBelow(
  body: Uint8Array,
  { width, worth }: { width: number; worth: number },
  { limit, turn }: Limits,
): Promise<Planes | undefined> {
  const planes: Uint8Array[] = []
  const deflated: number[] = []
  let left = 0
  for (let plane = 0; plane < width && left < limit; plane++) {
    planes.push(await finish(planeOf(body, width, plane), turn))
    const entropy = await finish(entropyOfBytes(planes[plane]!), turn)
    if (entropy < worth) deflated.push(plane)
    else left += planes[plane]!.length
  }
  return left < limit && deflated.length > 0 ? { planes, deflated } : undefined
}

/**
 * Planes as they are, then one stream of the head and the planes that deflate; undefined where that
 * is not smaller than `limit` bytes.
 */
async function deflatePlanes(
  head: Uint8Array,
  { planes, deflated }: Planes,
  { limit, turn }: Limits,
): Promise<WrittenBytes | undefined> {
  const plain = planes.filter((_, plane) => !deflated.includes(plane))
  const left = plain.reduce((sum, { length }) => sum + length, 0)
  const parts = await finish(joined([head, ...deflated.map((plane) => planes[plane]!)]), turn)
  const stream = await deflateBelow(parts, { limit: limit - left, turn })
  return stream && { bytes: await finish(joined([...plain, stream]), turn), deflated }
}
