import type { ChannelLayout } from '../codecs/channel-layout.js'
import type { StoredType, Survivors } from '../codecs/codec.js'
import type { Elements, ElementType } from '../model/elements.js'
import { finish, inPortions, type Turn, type Work } from '../model/work.js'
import { type EncodedPositions, encodePositions } from '../positions/positions.js'
import { crc32InPortions } from './crc32.js'
import { type EncodedValues, encodeValues } from './encode-values.js'
import type { WeightEntry } from './header.js'

/** A weight that is to be stored. */
export interface WeightToStore {
  /** Name in the file: the one that tfjs gives it. */
  readonly name: string
  readonly shape: readonly number[]
  readonly dtype: ElementType
  readonly values: Elements
  /** 0 where a value is pruned; for float32. @default all that is not 0 is kept */
  readonly mask?: Uint8Array | undefined
  /** Output channels of the places. */
  readonly channels: ChannelLayout
}

/** A weight whose survivors are known: all that its types share. */
export interface PlacedWeight extends Pick<WeightToStore, 'name' | 'shape' | 'dtype'> {
  readonly positions: EncodedPositions
  readonly survivors: Survivors
}

/** A section and its entry in the header. */
export interface EncodedWeight {
  readonly entry: WeightEntry
  /** Positions, then values. */
  readonly section: readonly [Uint8Array, Uint8Array]
  readonly values: EncodedValues
}

/** Finds the survivors of a weight and writes their places in the shortest way. */
export function* placeWeight(weight: WeightToStore): Work<PlacedWeight> {
  const { name, shape, dtype, values, mask, channels } = weight
  const isFloat = values instanceof Float32Array
  const places = isFloat ? yield* survivorsOf(values, mask) : undefined
  const positions = places ? yield* encodePositions(places, shape) : allPositions
  const { order } = positions
  const kept = isFloat && order ? yield* gather(values, order) : values
  return { name, shape, dtype, positions, survivors: { values: kept, order, channels, memo: {} } }
}

/** Writes the values of a weight as a type, or as one that loses nothing and is shorter. */
export async function encodeWeight(
  { name, shape, dtype, positions, survivors }: PlacedWeight,
  asked: StoredType,
  { turn, exact }: { turn: Turn; exact?: EncodedValues | undefined },
): Promise<EncodedWeight> {
  const { kind, countParameter, bytes: places } = positions
  const values = await encodeValues(survivors, asked, { turn, exact })
  const { type, fields, bytes, deflated } = values
  const crc = await finish(crc32InPortions(places), turn)
  // In the order in which the header is written.
  const entry: WeightEntry = {
    name,
    shape,
    dtype,
    kept: survivors.values.length,
    positions: kind,
    ...(countParameter !== undefined && { countParameter }),
    positionBytes: places.length,
    values: type,
    ...fields,
    ...(deflated !== undefined && { deflated }),
    valueBytes: bytes.length,
    crc: await finish(crc32InPortions(bytes, crc), turn),
  }
  return { entry, section: [places, bytes], values }
}

const allPositions: EncodedPositions = {
  kind: 'all',
  countParameter: undefined,
  order: undefined,
  bytes: new Uint8Array(0),
}

/** Flat indices of the values that are neither +0 nor -0, and that the mask keeps. */
function* survivorsOf(values: Float32Array, mask?: Uint8Array): Work<Uint32Array> {
  let kept = 0
  yield* inPortions(values.length, (from, to) => {
    let count = 0
    for (let i = from; i < to; i++) if (values[i] !== 0 && mask?.[i] !== 0) count++
    kept += count
  })
  const places = new Uint32Array(kept)
  let next = 0
  yield* inPortions(values.length, (from, to) => {
    let place = next
    for (let i = from; i < to; i++) if (values[i] !== 0 && mask?.[i] !== 0) places[place++] = i
    next = place
  })
  return places
}

/** The bits of the survivors in their order: a NaN keeps its own. */
function* gather(values: Float32Array, order: Uint32Array): Work<Float32Array> {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length)
  const kept = new Uint32Array(order.length)
  yield* inPortions(order.length, (from, to) => {
    for (let i = from; i < to; i++) kept[i] = bits[order[i]!]!
  })
  return new Float32Array(kept.buffer)
}
