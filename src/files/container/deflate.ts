import { joined } from '../codecs/bytes.js'
import { refusal } from '../model/refusal.js'
import { finish, type Turn } from '../model/work.js'

/** Inputs below so many bytes are not worth a stream of their own. */
const LEAST = 32

/** Raw DEFLATE of bytes (RFC 1951), by the platform. */
export async function deflate(bytes: Uint8Array, turn: Turn): Promise<Uint8Array> {
  const stream = new CompressionStream('deflate-raw')
  feed(stream, bytes)
  const chunks: Uint8Array[] = []
  for await (const chunk of chunksOf(stream)) chunks.push(chunk)
  return finish(joined(chunks), turn)
}

/** As {@link deflate}, or undefined where that is not smaller than `limit` bytes. */
export async function deflateBelow(
  bytes: Uint8Array,
  { limit, turn }: { limit: number; turn: Turn },
): Promise<Uint8Array | undefined> {
  if (bytes.length < LEAST) return undefined
  const deflated = await deflate(bytes, turn)
  return deflated.length < limit ? deflated : undefined
}

/**
 * Undoes {@link deflate}: `size` bytes, neither more nor less. Stops at the first byte too many, so
 * that no input makes it hold more than `size` bytes and a chunk.
 */
export async function inflate(
  bytes: Uint8Array,
  { size, what, turn }: { size: number; what: string; turn: Turn },
): Promise<Uint8Array> {
  const stream = new DecompressionStream('deflate-raw')
  feed(stream, bytes)
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of chunksOf(stream)) {
      length += chunk.length
      if (length > size) break
      chunks.push(chunk)
    }
  } catch (cause) {
    throw refusal(`${what} in DEFLATE`, 'a broken stream', cause)
  }
  if (length !== size) throw refusal(`${what} of ${size} bytes`, length > size ? 'more' : length)
  return finish(joined(chunks), turn)
}

function feed(stream: GenericTransformStream, bytes: Uint8Array): void {
  const writer = stream.writable.getWriter()
  // The reader meets the same error and throws it.
  const ignore = () => {}
  writer.write(bytes).catch(ignore)
  writer.close().catch(ignore)
}

async function* chunksOf(stream: GenericTransformStream): AsyncGenerator<Uint8Array> {
  const reader: ReadableStreamDefaultReader<Uint8Array> = stream.readable.getReader()
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value
  } finally {
    // Without effect on a stream that has ended; frees one that was left before its end.
    reader.cancel().catch(() => {})
  }
}
