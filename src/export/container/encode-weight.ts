import type { ValueType } from '../values/value-type.js'
import { crc32 } from './crc32.js'
import { encodeValues } from './encode-values.js'
import { type ChannelLayout, sizeOf, type WeightEntry } from './header.js'
import { encodePositions } from './positions.js'

/** A weight that is to be stored. */
export interface WeightToStore {
  /** Name in the file: the one that tfjs gives it. */
  readonly name: string
  readonly shape: readonly number[]
  readonly dtype: WeightEntry['dtype']
  readonly values: Float32Array | Int32Array | Uint8Array
  /** 0 where a value is pruned; for float32. @default all that is not 0 is kept */
  readonly mask?: Uint8Array
  /** For float32. */
  readonly type: ValueType
  /** Output channels of the places. */
  readonly channels: ChannelLayout
}

/** A section and what the header says of it. */
export interface EncodedWeight {
  readonly entry: WeightEntry
  /** Positions, then values. */
  readonly section: readonly [Uint8Array, Uint8Array]
}

/** Writes a weight: the places of its survivors in as few bytes as there are ways for, and their values. */
export async function encodeWeight(weight: WeightToStore): Promise<EncodedWeight> {
  const { name, shape, dtype, values: all, type, channels } = weight
  const isFloat = dtype === 'float32'
  const alive = isFloat ? survivors(all as Float32Array, weight.mask) : new Uint8Array(all.length).fill(1)
  const kept = countOnes(alive)
  const { kind, countParameter, order, bytes: positions } = encodePositions(alive, kept, shape)
  const gathered = order ? gather(all as Float32Array, order) : all
  const channelsOf = () => channelsOfOrder(order, sizeOf(shape), channels)
  const stored = isFloat ? type : dtype
  const { bytes: values, deflated, centres } = await encodeValues(gathered, stored, channelsOf)
  const entry: WeightEntry = {
    name,
    shape,
    dtype,
    kept,
    positions: kind,
    ...(countParameter !== undefined && { countParameter }),
    positionBytes: positions.length,
    values: stored,
    ...(stored === 'int8' && { channels }),
    ...(centres !== undefined && { centres }),
    ...(deflated && { deflated }),
    valueBytes: values.length,
    crc: crc32(values, crc32(positions)),
  }
  return { entry, section: [positions, values] }
}

/** 1 where a value is neither +0 nor -0, and the mask keeps it. */
function survivors(values: Float32Array, mask?: Uint8Array): Uint8Array {
  const alive = new Uint8Array(values.length)
  for (let i = 0; i < values.length; i++) alive[i] = values[i] !== 0 ? 1 : 0
  if (mask) for (let i = 0; i < mask.length; i++) alive[i]! &= mask[i]!
  return alive
}

/** Output channel of each survivor. */
export function channelsOfOrder(
  order: Uint32Array | undefined,
  size: number,
  { stride, count }: ChannelLayout,
): Uint32Array {
  const channels = order ? order.slice() : new Uint32Array(size)
  for (let i = 0; i < channels.length; i++) channels[i] = Math.floor((order ? order[i]! : i) / stride) % count
  return channels
}

/** The bits of the survivors in their order: a NaN keeps its own. */
function gather(values: Float32Array, order: Uint32Array): Float32Array {
  const from = new Uint32Array(values.buffer, values.byteOffset, values.length)
  const to = new Uint32Array(order.length)
  for (let i = 0; i < order.length; i++) to[i] = from[order[i]!]!
  return new Float32Array(to.buffer)
}

function countOnes(bits: Uint8Array): number {
  let ones = 0
  for (let i = 0; i < bits.length; i++) ones += bits[i]!
  return ones
}
