import { joined } from '../codecs/bytes.js'
import { refusal } from '../model/refusal.js'
import { finish, type Turn } from '../model/work.js'

/** Bytes that come in pieces. */
export type Chunks = AsyncIterator<Uint8Array> | Iterator<Uint8Array>

/** Cuts a stream into parts. It holds one part and the rest of one chunk, no more. */
export interface ByteSource {
  /** The next bytes; throws a RangeError where there are not so many. */
  readonly take: (count: number, what: string) => Promise<Uint8Array>
  /** Throws a RangeError unless all was taken. */
  readonly end: () => Promise<void>
}

/** A source of chunks that may be cut anywhere. */
export function byteSource(chunks: Chunks, turn: Turn): ByteSource {
  let rest = new Uint8Array(0)
  const nextChunk = async (): Promise<Uint8Array | undefined> => {
    for (;;) {
      const { done, value } = await chunks.next()
      if (done) return undefined
      if (!(value instanceof Uint8Array)) throw refusal('chunks of type Uint8Array', typeof value)
      if (value.length > 0) return value
    }
  }
  const take = async (count: number, what: string) => {
    const parts: Uint8Array[] = []
    let missing = count
    while (missing > 0) {
      if (rest.length === 0) {
        const chunk = await nextChunk()
        if (!chunk) throw refusal(`${what} of ${count} bytes`, `an end after ${count - missing}`)
        rest = chunk as Uint8Array<ArrayBuffer>
      }
      const part = rest.subarray(0, missing)
      rest = rest.subarray(part.length)
      parts.push(part)
      missing -= part.length
    }
    return parts.length === 1 ? parts[0]! : finish(joined(parts), turn)
  }
  const end = async () => {
    if (rest.length > 0 || (await nextChunk()))
      throw refusal('the end of the container', 'more bytes')
  }
  return { take, end }
}
