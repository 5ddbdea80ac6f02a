import { parseJson } from '../model/parse-json.js'
import { refusal } from '../model/refusal.js'
import { finish, type Turn } from '../model/work.js'
import { type ByteSource, byteSource, type Chunks } from './byte-source.js'
import { checkHeader } from './check-header.js'
import { crc32, crc32InPortions } from './crc32.js'
import type { DecodeWeight } from './decode-weight.js'
import { inflate } from './deflate.js'
import {
  type Header,
  MAGIC,
  type ModelParts,
  PREAMBLE,
  partsOf,
  sectionBytes,
  VERSION,
  type WeightEntry,
} from './header.js'

/** Options of {@link readContainer}. */
export interface ReadOptions {
  /** Largest number of bytes of the decoded weights, and of the header. */
  readonly maximumBytes: number
  /** Largest number of bytes of the header alone. */
  readonly maximumHeaderBytes: number
  /** Called with the share of the bytes that are read, in (0, 1]. */
  readonly onProgress: (fraction: number) => void
  readonly turn: Turn
}

/** A container that was read. */
export interface ReadContainer<T> {
  readonly parts: ModelParts
  /** In the order of the file, each as `decode` gives it. */
  readonly weights: readonly { readonly entry: WeightEntry; readonly decoded: T }[]
}

/**
 * Reads a container section by section. Each checksum is compared before the bytes that it covers
 * are decoded, and each size is checked before anything is allocated for it.
 *
 * @param decode Reads a section.
 * @throws {RangeError} If the bytes are no whole container, or more than `maximumBytes` when
 *   decoded.
 */
export async function readContainer<T>(
  chunks: Chunks,
  decode: DecodeWeight<T>,
  { onProgress, turn, ...limits }: ReadOptions,
): Promise<ReadContainer<T>> {
  const source = byteSource(chunks, turn)
  const { header, length } = await readHeader(source, { ...limits, turn })
  const total = header.weights.reduce((sum, entry) => sum + sectionBytes(entry), length)
  let read = length
  // The call with 1 comes at the end, when nothing can fail any more.
  const weights: { entry: WeightEntry; decoded: T }[] = []
  const shared = new Set(header.weights.map(({ sameAs }) => sameAs))
  const sections = new Map<number, Uint8Array>()
  for (const [i, entry] of header.weights.entries()) {
    if (read < total) onProgress(read / total)
    const { sameAs = i } = entry
    const section = sections.get(sameAs) ?? (await takeSection(source, entry, turn))
    if (shared.has(i)) sections.set(i, section)
    weights.push({ entry, decoded: await decode(entry, section, turn) })
    read += sectionBytes(entry)
  }
  await source.end()
  onProgress(1)
  return { parts: partsOf(header), weights }
}

async function takeSection(
  source: ByteSource,
  entry: WeightEntry,
  turn: Turn,
): Promise<Uint8Array> {
  const section = await source.take(sectionBytes(entry), `a section for ${entry.name}`)
  const sum = await finish(crc32InPortions(section), turn)
  if (sum !== entry.crc) throw refusal(`the checksum ${entry.crc} for ${entry.name}`, sum)
  return section
}

async function readHeader(
  source: ByteSource,
  { maximumBytes, maximumHeaderBytes, turn }: Omit<ReadOptions, 'onProgress'>,
): Promise<{ header: Header; length: number }> {
  const preamble = await source.take(PREAMBLE, 'a preamble')
  const view = new DataView(preamble.buffer, preamble.byteOffset, PREAMBLE)
  const [magic, version, deflatedBytes, bytes, crc] = [0, 4, 8, 12, 16].map((at) =>
    view.getUint32(at, true),
  )
  if (magic !== MAGIC) throw refusal('a container, which starts with TFPR', kindOf(preamble))
  if (version !== VERSION) throw refusal(`version ${VERSION} of the container`, version)
  const most = Math.min(maximumBytes, maximumHeaderBytes)
  const largest = Math.max(bytes!, deflatedBytes!)
  if (largest > most)
    throw refusal(`a header of at most ${most} bytes (maximumHeaderBytes)`, largest)
  const what = 'a header'
  const deflated = await source.take(deflatedBytes!, what)
  const sum = crc32(deflated, crc32(preamble.subarray(0, 16)))
  if (sum !== crc) throw refusal(`the checksum ${crc} for the header`, sum)
  const json = parseJson(await inflate(deflated, { size: bytes!, what, turn }), what)
  return { header: checkHeader(json, maximumBytes), length: PREAMBLE + deflatedBytes! }
}

/** The kind of a file that is often taken for a container. */
function kindOf([first, second]: Uint8Array): string {
  if (first === 0x7b) return 'JSON, such as the model.json of stock tfjs'
  if (first === 0x3c) return 'a page of HTML or XML'
  return first === 0x1f && second === 0x8b ? 'gzip' : 'other bytes'
}
