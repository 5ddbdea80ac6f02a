import type { Codec, CodedParts } from '../codecs/codec.js'
import { codecs } from '../codecs/codecs.js'
import { refusal } from '../model/refusal.js'
import { inflate } from './deflate.js'
import type { WeightEntry } from './header.js'
import { packedBytes, unpackBody } from './packed-indices.js'
import { fromPlanes } from './planes.js'

/**
 * Reads the values of survivors: the bytes of float32, int32 or bool elements in the order of their
 * positions.
 */
export async function decodeValues(
  bytes: Uint8Array,
  entry: WeightEntry,
  order: Uint32Array | undefined,
): Promise<ArrayBuffer> {
  if (entry.kept === 0) return new ArrayBuffer(0)
  const codec = codecs[entry.values]
  const section = { bytes, entry, codec, headBytes: codec.headBytes(entry, order) }
  const parts = entry.deflated ? await inflatePlanes(section, entry.deflated) : split(section)
  return codec.decode(parts, entry, order)
}

interface Section {
  readonly bytes: Uint8Array
  readonly entry: WeightEntry
  readonly codec: Codec
  readonly headBytes: number
}

function split({ bytes, entry: { name, kept }, codec, headBytes }: Section): CodedParts {
  const length = headBytes + packedBytes(kept, codec)
  if (bytes.length !== length) throw refusal(`values of ${name} of ${length} bytes`, bytes.length)
  const body = unpackBody(bytes.subarray(headBytes), codec, kept)
  return { head: bytes.subarray(0, headBytes), body }
}

/** The planes that are not deflated come first, then the stream of the head and the others. */
async function inflatePlanes(
  { bytes, entry: { name, kept }, codec: { width }, headBytes }: Section,
  deflated: readonly number[],
): Promise<CodedParts> {
  const left = (width - deflated.length) * kept
  const size = headBytes + deflated.length * kept
  const stream = await inflate(bytes.subarray(left), size, `values of ${name}`)
  const planes: Uint8Array[] = []
  let [plain, inflated] = [0, headBytes]
  for (let plane = 0; plane < width; plane++) {
    if (deflated.includes(plane)) {
      planes.push(stream.subarray(inflated, inflated + kept))
      inflated += kept
    } else {
      planes.push(bytes.subarray(plain, plain + kept))
      plain += kept
    }
  }
  return { head: stream.subarray(0, headBytes), body: fromPlanes(planes) }
}
