import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { Header, WeightEntry } from '../../../src/files/container/header.js'
import { type SaveCompressedOptions, saveCompressed } from '../../../src/files/save-compressed.js'

type Changeable<T> = { -readonly [Key in keyof T]: T[Key] }

/** A container taken apart, to be changed and put together again. */
export interface Parts {
  readonly header: Changeable<Omit<Header, 'weights'>> & { weights: Changeable<WeightEntry>[] }
  /** One for each weight. */
  readonly sections: Uint8Array[]
}

/** The container of a model. */
export async function pack(
  model: LayersModel,
  options: SaveCompressedOptions = {},
): Promise<Uint8Array> {
  let file = new Uint8Array()
  const keep = (bytes: Uint8Array<ArrayBuffer>) => {
    file = bytes
  }
  await saveCompressed(model, keep, options)
  return file
}

/** Header and sections of a container that is sound; written without the library's reader. */
export function takeApart(bytes: Uint8Array): Parts {
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  let offset = 20 + view.getUint32(8, true)
  const header = JSON.parse(
    inflateRawSync(bytes.subarray(20, offset)).toString(),
  ) as Parts['header']
  const sections = header.weights.map(({ positionBytes, valueBytes }) => {
    const section = bytes.slice(offset, offset + positionBytes + valueBytes)
    offset += section.length
    return section
  })
  return { header, sections }
}

interface ForgeOptions {
  /** Bytes of the header instead of those that it has. */
  readonly json?: Uint8Array
  /** Deflated bytes of the header instead of those that it has. */
  readonly deflated?: Uint8Array
  /** Claimed length of the header when inflated. */
  readonly claimed?: number
  /** Whether the sections' lengths are written as they are. @default true */
  readonly lengths?: boolean
}

/**
 * A container of any contents with checksums that hold, so that what is behind them is put to the
 * test.
 */
export function putTogether({ header, sections }: Parts, options: ForgeOptions = {}): Uint8Array {
  const { lengths = true } = options
  header.weights.forEach?.((entry, i) => {
    if (typeof entry !== 'object' || entry === null || !sections[i]) return
    if (typeof entry.crc === 'number') entry.crc = crc32(sections[i])
    if (lengths && typeof entry.positionBytes === 'number')
      entry.valueBytes = sections[i].length - entry.positionBytes
  })
  const json = options.json ?? new TextEncoder().encode(JSON.stringify(header))
  const deflated = options.deflated ?? deflateRawSync(json)
  const preamble = new DataView(new ArrayBuffer(20))
  for (const [i, number] of [
    0x52504654,
    1,
    deflated.length,
    options.claimed ?? json.length,
  ].entries()) {
    preamble.setUint32(4 * i, number, true)
  }
  const covered = Buffer.concat([new Uint8Array(preamble.buffer, 0, 16), deflated])
  preamble.setUint32(16, crc32(covered), true)
  return Buffer.concat([new Uint8Array(preamble.buffer), deflated, ...sections])
}
