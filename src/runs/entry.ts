import { joined } from '../files/codecs/bytes.js'
import { decodeSurvivors } from '../files/container/decode-weight.js'
import type { EncodedWeight } from '../files/container/encode-weight.js'
import { LARGEST_HEADER, type ModelParts } from '../files/container/header.js'
import { readContainer } from '../files/container/read-container.js'
import { writeContainer } from '../files/container/write-container.js'
import { finish, turnsUntil } from '../files/model/work.js'
import { sizeOf } from '../internal/size-of.js'
import { type ArrayFacts, decodeArray, encodeArray } from './array-section.js'
import {
  type FoundArray,
  fromJsonValue,
  type Json,
  type StoredArray,
  toJsonValue,
} from './plain-data.js'

/** 'TRUN' in little-endian order. */
const MAGIC = 0x4e55_5254
/** Version of the entries that are written and read. */
const VERSION = 1
const PREAMBLE = 8

/** The kinds of entries. */
export type EntryKind = 'run' | 'round' | 'point' | 'rounds'

/** The JSON of an entry, beside its arrays. */
interface Stored {
  readonly kind: EntryKind
  readonly data: Json
  /** Facts about the arrays, in the order of their sections. */
  readonly arrays: readonly ArrayFacts[]
}

/**
 * Writes plain data as bytes: `TRUN`, the version, and a container whose sections are the typed
 * arrays. The checksums of the container cover all that follows. An array that occurs twice is
 * written once.
 */
export async function writeEntry(kind: EntryKind, data: unknown): Promise<Uint8Array<ArrayBuffer>> {
  const turn = turnsUntil(undefined)
  const found: FoundArray[] = []
  const places = new Map<StoredArray, number>()
  const json = toJsonValue(data, (one) => {
    if (!places.has(one.array)) places.set(one.array, found.push(one) - 1)
    return places.get(one.array)!
  })
  const arrays: ArrayFacts[] = []
  const sections: EncodedWeight[] = []
  for (const one of found) {
    const { facts, section } = await encodeArray(one, turn)
    arrays.push(facts)
    sections.push(section)
  }
  const stored: Stored = { kind, data: json, arrays }
  const parts: ModelParts = { modelTopology: {}, userDefinedMetadata: { stored } }
  const container = await writeContainer(parts, sections, { task: 'store the run', turn })
  const preamble = new Uint8Array(PREAMBLE)
  const view = new DataView(preamble.buffer)
  view.setUint32(0, MAGIC, true)
  view.setUint32(4, VERSION, true)
  return finish(joined([preamble, container]), turn)
}

/** Reads the data of an entry. Throws a RangeError that has its name unless all of it is whole. */
export async function readEntry(
  bytes: Uint8Array,
  { name, kind }: { readonly name: string; readonly kind: EntryKind },
): Promise<unknown> {
  const refuse = (wanted: string, got: unknown, cause?: unknown) =>
    new RangeError(`Cannot load ${name}: expected ${wanted}, got ${got}`, { cause })
  if (bytes.length < PREAMBLE) throw refuse(`at least ${PREAMBLE} bytes`, bytes.length)
  const view = new DataView(bytes.buffer, bytes.byteOffset, PREAMBLE)
  if (view.getUint32(0, true) !== MAGIC)
    throw refuse('an entry of a run, which starts with TRUN', 'other bytes')
  const version = view.getUint32(4, true)
  if (version !== VERSION) throw refuse(`version ${VERSION} of the entry`, version)
  try {
    const stored = await readStored(bytes.subarray(PREAMBLE))
    if (stored.kind === kind) return stored.data
    throw new RangeError(`${TASK}: expected an entry of the kind ${kind}, got ${stored.kind}`)
  } catch (error) {
    const { message } = error as Error
    if (!(error instanceof RangeError && message.startsWith(TASK))) throw error
    throw new RangeError(message.replace(TASK, `Cannot load ${name}`), { cause: error })
  }
}

/** How the errors of the container begin. */
const TASK = 'Cannot load the model'

async function readStored(container: Uint8Array): Promise<{ kind: EntryKind; data: unknown }> {
  const turn = turnsUntil(undefined)
  const { parts, weights } = await readContainer([container].values(), decodeSurvivors, {
    maximumBytes: Number.MAX_SAFE_INTEGER,
    maximumHeaderBytes: LARGEST_HEADER,
    onProgress: () => {},
    turn,
  })
  const { kind, data, arrays } = parts.userDefinedMetadata!.stored as Stored
  const read: StoredArray[] = []
  for (const [i, { entry, decoded }] of weights.entries())
    read.push(await decodeArray(arrays[i]!, decoded, sizeOf(entry.shape), turn))
  return { kind, data: fromJsonValue(data, (at) => read[at as number]!) }
}
