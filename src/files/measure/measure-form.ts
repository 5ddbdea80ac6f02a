import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { PackedWeight } from '../container/pack-model.js'
import type { QuantisedType } from '../values/value-type.js'
import { bitsOf, type CompressedType, compressedTypes } from '../values/value-type.js'
import { brotliSize, gzipSize } from './compressed-size.js'
import { entropyBound } from './entropy-bound.js'
import type { FileSize } from './file-size.js'
import {
  bytesOfFiles,
  type StoredModel,
  type StoreOptions,
  storeAsStock,
  storeInContainer,
} from './stored-model.js'

/** A form of file: stock or container, and how each value is stored. */
export type FormName = Pick<FileSize, 'file' | 'type'>

const STOCK = ['uint8', 'uint16', 'float16', 'float32'] as const

/** All forms, stock ones first, small to large. */
export const formNames: readonly FormName[] = [
  ...STOCK.map((type) => ({ file: 'stock' as const, type })),
  ...compressedTypes.map((type) => ({ file: 'container' as const, type })),
]

/** A form of file, measured. */
export interface MeasuredForm {
  readonly row: FileSize
  /** Bytes of each weight. */
  readonly bytes: readonly number[]
}

/** The model in a form, in memory. */
export function storeInForm(
  model: LayersModel,
  { file, type }: FormName,
  options: StoreOptions,
): Promise<StoredModel> {
  if (file === 'container') return storeInContainer(model, type as CompressedType, options)
  return storeAsStock(model, type as 'float32' | QuantisedType, options)
}

/** What a stored model takes, as it is and compressed. */
export async function measureForm(
  form: FormName,
  stored: StoredModel,
  counts: readonly PackedWeight[],
): Promise<MeasuredForm> {
  const { files, weights } = stored
  const gzip = sum(await Promise.all(files.map(gzipSize)))
  const brotli = await Promise.all(files.map(brotliSize))
  const row = {
    ...form,
    bytes: bytesOfFiles(stored),
    gzip,
    ...(brotli.every((size) => size !== undefined) && { brotli: sum(brotli) }),
    bound: sum(counts.map((weight) => boundOf(weight, form.type))),
  }
  return { row, bytes: weights.map(({ bytes }) => bytes) }
}

/**
 * The entropy bound of a weight; `type` counts if the weight is one of those that are stored in
 * fewer bits.
 */
export function boundOf(
  { size, kept, narrowed, dtype }: PackedWeight,
  type: FormName['type'],
): number {
  const wide = dtype === 'bool' ? 8 : 32
  const narrow = type === 'uint8' ? 8 : type === 'uint16' ? 16 : bitsOf(type)
  return entropyBound({ size, kept, bits: narrowed ? narrow : wide })
}

/** Sum of numbers. */
export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
