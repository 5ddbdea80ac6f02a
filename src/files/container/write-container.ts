import { joined } from '../codecs/bytes.js'
import { deepestNesting, nestingOf } from '../model/parse-json.js'
import { finish, type Turn } from '../model/work.js'
import { crc32 } from './crc32.js'
import { deflate } from './deflate.js'
import type { EncodedWeight } from './encode-weight.js'
import {
  type Header,
  LARGEST_HEADER,
  MAGIC,
  type ModelParts,
  PREAMBLE,
  partsOf,
  VERSION,
} from './header.js'

/**
 * Puts a container together: preamble, deflated header, sections. Throws a RangeError for a header
 * that is too long.
 */
export async function writeContainer(
  parts: ModelParts,
  weights: readonly EncodedWeight[],
  { task, turn }: { task: string; turn: Turn },
): Promise<Uint8Array<ArrayBuffer>> {
  const header: Header = { ...partsOf(parts), weights: weights.map(({ entry }) => entry) }
  const json = new TextEncoder().encode(JSON.stringify(header))
  if (nestingOf(json) > deepestNesting) {
    const wanted = `topology and metadata of at most ${deepestNesting} nested brackets`
    throw new RangeError(`Cannot ${task}: expected ${wanted}, got more`)
  }
  const deflated = await deflate(json, turn)
  const largest = Math.max(json.length, deflated.length)
  if (largest > LARGEST_HEADER) {
    const most = `at most ${LARGEST_HEADER} bytes as JSON, list of weights included`
    throw new RangeError(
      `Cannot ${task}: expected topology and metadata of ${most}, got ${largest}`,
    )
  }
  const preamble = new Uint8Array(PREAMBLE)
  const view = new DataView(preamble.buffer)
  const numbers = [MAGIC, VERSION, deflated.length, json.length]
  for (const [i, number] of numbers.entries()) view.setUint32(4 * i, number, true)
  view.setUint32(16, crc32(deflated, crc32(preamble.subarray(0, 16))), true)
  const sections = weights.flatMap(({ section }) => section)
  return finish(joined([preamble, deflated, ...sections]), turn)
}
