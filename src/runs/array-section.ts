import { bytesOf } from '../files/codecs/bytes.js'
import type { Survivors } from '../files/container/decode-weight.js'
import { type EncodedWeight, encodeWeight, placeWeight } from '../files/container/encode-weight.js'
import type { Elements } from '../files/model/elements.js'
import { finish, inPortions, type Turn, type Work } from '../files/model/work.js'
import {
  decodePositions,
  encodePositions,
  type PositionKind,
} from '../files/positions/positions.js'
import { sizeOf } from '../internal/size-of.js'
import type { FoundArray, StoredArray } from './plain-data.js'

/** Facts about an array beside its section: JSON. */
export interface ArrayFacts {
  /** Name of its class, such as `Float32Array`. */
  readonly type: string
  /** The places of the ones, where that is how an array of zeros and ones is written. */
  readonly ones?: Ones
}

interface Ones {
  readonly shape: readonly number[]
  readonly kept: number
  readonly positions: PositionKind
  readonly countParameter?: number
}

const CLASSES = {
  Float32Array,
  Float64Array,
  Int8Array,
  Int16Array,
  Int32Array,
  Uint8Array,
  Uint8ClampedArray,
  Uint16Array,
  Uint32Array,
  BigInt64Array,
  BigUint64Array,
}

/**
 * Writes an array in the encoding of the container, to the bit: float32 by the places and values of
 * all that is not 0, zeros and ones by the places of the ones.
 */
export async function encodeArray(
  { path: name, array, shape }: FoundArray,
  turn: Turn,
): Promise<{ readonly facts: ArrayFacts; readonly section: EncodedWeight }> {
  const type = array.constructor.name
  if (!(type in CLASSES))
    throw new TypeError(`Cannot store the run: expected a typed array in ${name}, got a ${type}`)
  const ones = array instanceof Uint8Array ? await finish(onesOf(array, shape), turn) : undefined
  const values = ones?.bytes ?? elementsOf(array)
  const dtype = dtypeOf(values)
  const whole = values.length === sizeOf(shape) ? shape : [values.length]
  const channels = { stride: 1, count: 1 }
  const placed = await finish(placeWeight({ name, shape: whole, dtype, values, channels }), turn)
  const section = await encodeWeight(placed, dtype, { turn })
  return { facts: { type, ...(ones && { ones: ones.facts }) }, section }
}

/** Reads the elements of a section as the array that it was. */
export async function decodeArray(
  { type, ones }: ArrayFacts,
  { positions, values }: Survivors,
  size: number,
  turn: Turn,
): Promise<StoredArray> {
  if (ones) return finish(fromOnes(new Uint8Array(values), ones), turn)
  const Class = CLASSES[type as keyof typeof CLASSES]
  if (!positions) return new Class(values)
  return finish(scatter(new Uint32Array(values), positions, size), turn)
}

/** Elements that the container can hold, in the bytes of the array. */
function elementsOf(array: StoredArray): Elements {
  if (array instanceof Int32Array) return array
  if (!(array instanceof Float32Array)) return bytesOf(array)
  // The container writes no zero, so that -0 would come back as 0.
  const bits = new Int32Array(array.buffer, array.byteOffset, array.length)
  return bits.includes(NEGATIVE_ZERO) ? bits : array
}

const NEGATIVE_ZERO = -(2 ** 31)

function dtypeOf(values: Elements): 'float32' | 'int32' | 'bool' {
  if (values instanceof Float32Array) return 'float32'
  return values instanceof Int32Array ? 'int32' : 'bool'
}

/** The places of the ones; undefined if there are other values than 0 and 1. */
function* onesOf(
  values: Uint8Array,
  shape: readonly number[],
): Work<{ bytes: Uint8Array; facts: Ones } | undefined> {
  let [seen, kept] = [0, 0]
  yield* inPortions(values.length, (from, to) => {
    for (let i = from; i < to; i++) {
      seen |= values[i]!
      kept += values[i]!
    }
  })
  if (seen > 1) return undefined
  const places = new Uint32Array(kept)
  let next = 0
  yield* inPortions(values.length, (from, to) => {
    for (let i = from; i < to; i++) if (values[i] === 1) places[next++] = i
  })
  const { kind: positions, countParameter, bytes } = yield* encodePositions(places, shape)
  const facts = { shape, kept, positions, ...(countParameter !== undefined && { countParameter }) }
  return { bytes, facts }
}

function* fromOnes(bytes: Uint8Array, ones: Ones): Work<Uint8Array> {
  const { shape, kept, positions: kind, countParameter } = ones
  const size = sizeOf(shape)
  const places = yield* decodePositions(bytes, { kind, shape, size, kept, countParameter })
  const values = new Uint8Array(size)
  if (!places) return values.fill(1)
  yield* inPortions(places.length, (from, to) => {
    for (let i = from; i < to; i++) values[places[i]!] = 1
  })
  return values
}

/** Puts the bits of values at their places, +0 at all others. */
function* scatter(bits: Uint32Array, places: Uint32Array, size: number): Work<Float32Array> {
  const all = new Uint32Array(size)
  yield* inPortions(places.length, (from, to) => {
    for (let i = from; i < to; i++) all[places[i]!] = bits[i]!
  })
  return new Float32Array(all.buffer)
}
