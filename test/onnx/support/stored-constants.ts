import { modelProto } from '../../../bench/support/onnx/schema.js'

/** Types of ONNX by their numbers. */
const TYPES: Readonly<Record<number, string>> = { 1: 'float32', 3: 'int8', 7: 'int64', 10: 'half' }

/** A constant as a file holds it. */
export interface StoredConstant {
  readonly type: string
  readonly shape: readonly number[]
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** The constants of an ONNX file by name, read by protobufjs. */
export function storedConstants(file: Uint8Array): Record<string, StoredConstant> {
  const options = { arrays: true, longs: Number }
  const { graph } = modelProto.toObject(modelProto.decode(file), options)
  return Object.fromEntries(
    (
      graph.initializer as {
        name: string
        dims: number[]
        data_type: number
        raw_data: Uint8Array
      }[]
    ).map(({ name, dims, data_type, raw_data }) => [
      name,
      { type: TYPES[data_type] ?? 'other', shape: dims, bytes: Uint8Array.from(raw_data) },
    ]),
  )
}
