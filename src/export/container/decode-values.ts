import { decodeCodebook } from '../values/codebook.js'
import { decodeFloat16 } from '../values/float16.js'
import { decodeInt8 } from '../values/int8.js'
import { bitsOf, type ValueType } from '../values/value-type.js'
import { inflate } from './deflate.js'
import type { WeightEntry } from './header.js'
import { unpackIndices } from './packed-indices.js'
import { fromPlanes } from './planes.js'
import { refusal } from './refusal.js'

/** Reads the values of survivors: the bytes of float32, int32 or bool elements in the order of their positions. */
export async function decodeValues(bytes: Uint8Array, entry: WeightEntry, channels: Uint32Array): Promise<ArrayBuffer> {
  const { name, kept, values, deflated = false } = entry
  if (kept === 0) return new ArrayBuffer(0)
  const { head, width } = layoutOf(entry, channels)
  const size = head + (deflated ? kept * width : packedBytes(entry, width))
  const plain = deflated ? await inflate(bytes, size, `values of ${name}`) : bytes
  if (plain.length !== size) throw refusal(`values of ${name} of ${size} bytes`, plain.length)
  const body = deflated ? fromPlanes(plain.subarray(head), width) : plain.subarray(head)
  if (values === 'float32' || values === 'int32' || values === 'bool') return alignedCopy(body)
  return bufferOf(floats(entry, { head: plain.subarray(0, head), body, channels }))
}

interface Parts {
  readonly head: Uint8Array
  readonly body: Uint8Array
  readonly channels: Uint32Array
}

function floats({ name, kept, values, deflated }: WeightEntry, { head, body, channels }: Parts): Float32Array {
  if (values === 'float16') return decodeFloat16(new Uint16Array(alignedCopy(body)))
  if (values === 'int8') {
    const codes = new Int8Array(alignedCopy(body))
    const scale = new Float32Array(alignedCopy(head.subarray(0, 4)))[0]!
    return decodeInt8({ codes, scale, steps: head.subarray(4) }, channels)
  }
  const centres = new Float32Array(alignedCopy(head))
  const indices = deflated ? body : unpackIndices(body, bitsOf(values as ValueType), kept)
  for (const index of indices) {
    if (index >= centres.length) throw refusal(`indices of ${name} below ${centres.length}`, index)
  }
  return decodeCodebook({ indices, centres })
}

/** Bytes before the elements, and of an element that is not packed. */
function layoutOf({ values, centres }: WeightEntry, channels: Uint32Array): { head: number; width: number } {
  if (values === 'float32' || values === 'int32') return { head: 0, width: 4 }
  if (values === 'float16') return { head: 0, width: 2 }
  if (values === 'bool') return { head: 0, width: 1 }
  return { head: values === 'int8' ? 4 + countDistinct(channels) : 4 * centres!, width: 1 }
}

function packedBytes({ kept, values }: WeightEntry, width: number): number {
  return values.startsWith('codebook') ? Math.ceil((kept * bitsOf(values as ValueType)) / 8) : kept * width
}

function countDistinct(channels: Uint32Array): number {
  const seen = new Uint8Array(channels.reduce((most, channel) => Math.max(most, channel + 1), 0))
  for (const channel of channels) seen[channel] = 1
  return seen.reduce((sum, one) => sum + one, 0)
}

/** A copy, for views of 2 and 4 bytes; what the caller gave stays as it is. */
function alignedCopy(bytes: Uint8Array): ArrayBuffer {
  // Not slice(), which copies nothing where the bytes are a Buffer of Node.
  return new Uint8Array(bytes).buffer
}

function bufferOf({ buffer, byteOffset, byteLength }: Float32Array): ArrayBuffer {
  const isWhole = byteOffset === 0 && byteLength === buffer.byteLength
  return (isWhole ? buffer : buffer.slice(byteOffset, byteOffset + byteLength)) as ArrayBuffer
}
