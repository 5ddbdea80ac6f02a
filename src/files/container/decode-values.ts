import { decodeCodebook } from '../values/codebook.js'
import { decodeFloat16 } from '../values/float16.js'
import { decodeInt8 } from '../values/int8.js'
import { bitsOf, type CompressedType } from '../values/value-type.js'
import { inflate } from './deflate.js'
import { valueWidth, type WeightEntry } from './header.js'
import { unpackIndices } from './packed-indices.js'
import { fromPlanes } from './planes.js'
import { refusal } from './refusal.js'

/**
 * Reads the values of survivors: the bytes of float32, int32 or bool elements in the order of their
 * positions.
 */
export async function decodeValues(
  bytes: Uint8Array,
  entry: WeightEntry,
  channels: Uint32Array,
): Promise<ArrayBuffer> {
  const { kept, values, deflated } = entry
  if (kept === 0) return new ArrayBuffer(0)
  const length = headBytes(entry, channels)
  const { head, body } = deflated
    ? await inflatePlanes(bytes, entry, length)
    : split(bytes, entry, length)
  if (values === 'float32' || values === 'int32' || values === 'bool') return alignedCopy(body)
  return floats(entry, { head, body, channels }).buffer
}

function split(bytes: Uint8Array, { name, kept, values }: WeightEntry, head: number) {
  const packed = values.startsWith('codebook')
    ? Math.ceil((kept * bitsOf(values as CompressedType)) / 8)
    : kept * valueWidth(values)
  if (bytes.length !== head + packed)
    throw refusal(`values of ${name} of ${head + packed} bytes`, bytes.length)
  return { head: bytes.subarray(0, head), body: bytes.subarray(head) }
}

/** The planes that are not deflated come first, then the stream of the head and the others. */
async function inflatePlanes(
  bytes: Uint8Array,
  { name, kept, values, deflated }: WeightEntry,
  head: number,
) {
  const width = valueWidth(values)
  const left = (width - deflated!.length) * kept
  const size = head + deflated!.length * kept
  const stream = await inflate(bytes.subarray(left), size, `values of ${name}`)
  const planes: Uint8Array[] = []
  let [plain, inflated] = [0, head]
  for (let plane = 0; plane < width; plane++) {
    if (deflated!.includes(plane)) {
      planes.push(stream.subarray(inflated, inflated + kept))
      inflated += kept
    } else {
      planes.push(bytes.subarray(plain, plain + kept))
      plain += kept
    }
  }
  return { head: stream.subarray(0, head), body: fromPlanes(planes) }
}

interface Parts {
  readonly head: Uint8Array
  readonly body: Uint8Array
  readonly channels: Uint32Array
}

function floats(
  { name, kept, values, deflated }: WeightEntry,
  { head, body, channels }: Parts,
): Float32Array<ArrayBuffer> {
  if (values === 'float16') return decodeFloat16(new Uint16Array(alignedCopy(body)))
  if (values === 'int8') {
    const codes = new Int8Array(body.buffer, body.byteOffset, body.length)
    const scale = new Float32Array(alignedCopy(head.subarray(0, 4)))[0]!
    return decodeInt8({ codes, scale, steps: head.subarray(4) }, channels)
  }
  const centres = new Float32Array(alignedCopy(head))
  const indices = deflated ? body : unpackIndices(body, bitsOf(values as CompressedType), kept)
  for (const index of indices) {
    if (index >= centres.length) throw refusal(`indices of ${name} below ${centres.length}`, index)
  }
  return decodeCodebook({ indices, centres })
}

/** Bytes before the elements. */
function headBytes(
  { values, centres, channels: layout }: WeightEntry,
  channels: Uint32Array,
): number {
  if (values === 'int8') return 4 + countDistinct(channels, layout!.count)
  return values.startsWith('codebook') ? 4 * centres! : 0
}

function countDistinct(channels: Uint32Array, count: number): number {
  const seen = new Uint8Array(count)
  let distinct = 0
  for (let i = 0; i < channels.length; i++) {
    distinct += 1 - seen[channels[i]!]!
    seen[channels[i]!] = 1
  }
  return distinct
}

/** A copy, for views of 2 and 4 bytes; what the caller gave stays as it is. */
function alignedCopy(bytes: Uint8Array): ArrayBuffer {
  // Not slice(), which copies nothing where the bytes are a Buffer of Node.
  return new Uint8Array(bytes).buffer
}
