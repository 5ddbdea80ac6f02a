import type { LayersModel } from '@tensorflow/tfjs-layers'
import { codecs, compressedTypes } from '../codecs/codecs.js'
import type { PackedWeight } from '../container/pack-model.js'
import { type CompressedType, lossless, type ValueType } from '../model/value-type.js'
import { quantisedTypes, stockCodecs } from '../stock/stock-codecs.js'
import { brotliSize, gzipSize } from './compressed-size.js'
import { entropyBound } from './entropy-bound.js'
import type { FileSize } from './file-size.js'
import {
  bytesOfFiles,
  type StockType,
  type StoredModel,
  type StoreOptions,
  storeAsStock,
  storeInContainer,
} from './stored-model.js'

/** A form of file: stock or container, and how each value is stored. */
export type FormName =
  | { readonly file: 'stock'; readonly type: StockType }
  | { readonly file: 'container'; readonly type: CompressedType }

/** All forms, stock ones first, small to large. */
export function formNames(): FormName[] {
  const stockTypes: StockType[] = [...quantisedTypes, lossless]
  return [
    ...stockTypes.map((type) => ({ file: 'stock' as const, type })),
    ...compressedTypes.map((type) => ({ file: 'container' as const, type })),
  ]
}

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
  if (file === 'container') return storeInContainer(model, type, options)
  return storeAsStock(model, type, options)
}

/** Measures a stored model, as it is and compressed. */
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
export function boundOf({ size, kept, narrowed, dtype }: PackedWeight, type: ValueType): number {
  const { bits } = narrowed ? { ...stockCodecs, ...codecs }[type] : codecs[dtype]
  return entropyBound({ size, kept, bits })
}

/** Sum of numbers. */
export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
