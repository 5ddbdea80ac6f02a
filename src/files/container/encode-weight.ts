import type { ChannelLayout } from '../codecs/channel-layout.js'
import type { Elements, ElementType } from '../model/elements.js'
import type { CompressedType } from '../model/value-type.js'
import { type EncodedPositions, encodePositions } from '../positions/positions.js'
import { crc32 } from './crc32.js'
import { encodeValues } from './encode-values.js'
import type { WeightEntry } from './header.js'

/** A weight that is to be stored. */
export interface WeightToStore {
  /** Name in the file: the one that tfjs gives it. */
  readonly name: string
  readonly shape: readonly number[]
  readonly dtype: ElementType
  readonly values: Elements
  /** 0 where a value is pruned; for float32. @default all that is not 0 is kept */
  readonly mask?: Uint8Array
  /** For float32; others are stored as they are. */
  readonly type: CompressedType
  /** Output channels of the places. */
  readonly channels: ChannelLayout
}

/** A section and its entry in the header. */
export interface EncodedWeight {
  readonly entry: WeightEntry
  /** Positions, then values. */
  readonly section: readonly [Uint8Array, Uint8Array]
}

/** Writes a weight: the places of its survivors in the shortest way, then their values. */
export async function encodeWeight(weight: WeightToStore): Promise<EncodedWeight> {
  const { name, shape, dtype, values: all, channels } = weight
  const places = dtype === 'float32' ? survivors(all as Float32Array, weight.mask) : undefined
  const { kind, countParameter, order, bytes: positions } = positionsOf(places, shape)
  const kept = order ? gather(all as Float32Array, order) : all
  const asked = dtype === 'float32' ? weight.type : dtype
  const {
    type,
    fields,
    bytes: values,
    deflated,
  } = await encodeValues({ values: kept, order, channels }, asked)
  // In the order in which the header is written.
  const entry: WeightEntry = {
    name,
    shape,
    dtype,
    kept: kept.length,
    positions: kind,
    ...(countParameter !== undefined && { countParameter }),
    positionBytes: positions.length,
    values: type,
    ...fields,
    ...(deflated !== undefined && { deflated }),
    valueBytes: values.length,
    crc: crc32(values, crc32(positions)),
  }
  return { entry, section: [positions, values] }
}

function positionsOf(places: Uint32Array | undefined, shape: readonly number[]): EncodedPositions {
  if (places) return encodePositions(places, shape)
  return { kind: 'all', countParameter: undefined, order: undefined, bytes: new Uint8Array(0) }
}

/** Flat indices of the values that are neither +0 nor -0, and that the mask keeps. */
function survivors(values: Float32Array, mask?: Uint8Array): Uint32Array {
  let kept = 0
  for (let i = 0; i < values.length; i++) if (values[i] !== 0 && mask?.[i] !== 0) kept++
  const places = new Uint32Array(kept)
  let next = 0
  for (let i = 0; i < values.length; i++) if (values[i] !== 0 && mask?.[i] !== 0) places[next++] = i
  return places
}

/** The bits of the survivors in their order: a NaN keeps its own. */
function gather(values: Float32Array, order: Uint32Array): Float32Array {
  const from = new Uint32Array(values.buffer, values.byteOffset, values.length)
  const to = new Uint32Array(order.length)
  for (let i = 0; i < order.length; i++) to[i] = from[order[i]!]!
  return new Float32Array(to.buffer)
}
