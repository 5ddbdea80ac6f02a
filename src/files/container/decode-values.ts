import type { Codec, CodedParts } from '../codecs/codec.js'
import { codecs } from '../codecs/codecs.js'
import { refusal } from '../model/refusal.js'
import { finish, type Turn, type Work } from '../model/work.js'
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
  { order, turn }: { order: Uint32Array | undefined; turn: Turn },
): Promise<ArrayBuffer> {
  if (entry.kept === 0) return new ArrayBuffer(0)
  const codec = codecs[entry.values]
  const headBytes = await finish(codec.headBytes(entry, order), turn)
  const section = { bytes, entry, codec, headBytes }
  const parts = entry.deflated
    ? await inflatePlanes(section, entry.deflated, turn)
    : await finish(split(section), turn)
  return finish(codec.decode(parts, entry, order), turn)
}

interface Section {
  readonly bytes: Uint8Array
  readonly entry: WeightEntry
  readonly codec: Codec
  readonly headBytes: number
}

function* split({ bytes, entry: { name, kept }, codec, headBytes }: Section): Work<CodedParts> {
  const length = headBytes + packedBytes(kept, codec)
  if (bytes.length !== length) throw refusal(`values of ${name} of ${length} bytes`, bytes.length)
  const body = yield* unpackBody(bytes.subarray(headBytes), codec, kept)
  return { head: bytes.subarray(0, headBytes), body }
}

/** The planes that are not deflated come first, then the stream of the head and the others. */
async function inflatePlanes(
  { bytes, entry: { name, kept }, codec: { width }, headBytes }: Section,
  deflated: readonly number[],
  turn: Turn,
): Promise<CodedParts> {
  const left = (width - deflated.length) * kept
  const size = headBytes + deflated.length * kept
  const stream = await inflate(bytes.subarray(left), { size, what: `values of ${name}`, turn })
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
  return { head: stream.subarray(0, headBytes), body: await finish(fromPlanes(planes), turn) }
}
