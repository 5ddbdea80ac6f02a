import { crc32 } from './crc32.js'
import { deflate, joined } from './deflate.js'
import type { EncodedWeight } from './encode-weight.js'
import { type Header, MAGIC, type ModelParts, PREAMBLE, partsOf, VERSION } from './header.js'

/** Puts a container together: preamble, deflated header, sections. */
export async function writeContainer(
  parts: ModelParts,
  weights: readonly EncodedWeight[],
): Promise<Uint8Array<ArrayBuffer>> {
  const header: Header = { ...partsOf(parts), weights: weights.map(({ entry }) => entry) }
  const json = new TextEncoder().encode(JSON.stringify(header))
  const deflated = await deflate(json)
  const preamble = new Uint8Array(PREAMBLE)
  const view = new DataView(preamble.buffer)
  const numbers = [MAGIC, VERSION, deflated.length, json.length]
  for (const [i, number] of numbers.entries()) view.setUint32(4 * i, number, true)
  view.setUint32(16, crc32(deflated, crc32(preamble.subarray(0, 16))), true)
  return joined([preamble, deflated, ...weights.flatMap(({ section }) => section)])
}
