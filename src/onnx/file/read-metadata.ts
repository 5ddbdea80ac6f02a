import { PbfReader } from 'pbf'
import { modelFields } from './model-fields.js'
import { onnxFileError } from './onnx-file-error.js'

/** A field with its length before it. */
const MESSAGE = 2

/**
 * The texts that stand beside the network in an ONNX file. The network itself is passed over.
 *
 * @throws {RangeError} If the bytes are no ONNX file, or end too early.
 */
export function readMetadata(file: Uint8Array, task: string): Readonly<Record<string, string>> {
  try {
    return readModel(file)
  } catch (cause) {
    throw onnxFileError(task, `${file.length} bytes of something else, or a part of one`, cause)
  }
}

function readModel(file: Uint8Array): Readonly<Record<string, string>> {
  const reader = new PbfReader(file)
  const metadata: Record<string, string> = {}
  const found = new Set<number>()
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    found.add(field)
    if (field === modelFields.metadata && reader.type === MESSAGE) {
      const { key, value } = reader.readMessage(readEntry, { key: '', value: '' })
      metadata[key] = value
    } else reader.skip(reader.type)
    if (reader.pos > file.length) throw new RangeError(`field ${field} ends behind the file`)
  }
  if (reader.pos !== file.length) throw new RangeError('a field has no number')
  for (const field of [modelFields.irVersion, modelFields.graph, modelFields.opsetImport])
    if (!found.has(field)) throw new RangeError(`field ${field} is missing`)
  return metadata
}

function readEntry(field: number, entry: { key: string; value: string }, reader: PbfReader): void {
  if (field === 1) entry.key = reader.readString()
  else if (field === 2) entry.value = reader.readString()
}
