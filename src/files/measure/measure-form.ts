import type { StoredType } from '../codecs/codec.js'
import { codecs, compressedTypes } from '../codecs/codecs.js'
import type { PackedWeight } from '../container/pack-model.js'
import { sum } from '../model/sum.js'
import { type CompressedType, lossless, type ValueType } from '../model/value-type.js'
import type { StockType } from '../stock/quantise-model.js'
import { quantisedTypes, stockCodecs } from '../stock/stock-codecs.js'
import { brotliSize, gzipSize } from './compressed-size.js'
import { entropyBound } from './entropy-bound.js'
import type { FileSize } from './file-size.js'
import { bytesOfFiles, type StoredModel } from './stored-model.js'

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
  /** The type that each weight took, in a container. */
  readonly types?: readonly StoredType[]
  /** Bytes of each weight. */
  readonly bytes: readonly number[]
}

/** Measures a stored model, as it is and compressed. */
export async function measureForm(
  form: FormName,
  stored: StoredModel,
  counts: readonly PackedWeight[],
): Promise<MeasuredForm> {
  const { files, weights } = stored
  // Both at once: the platform compresses on threads of its own.
  const [zipped, brotli] = await Promise.all([
    Promise.all(files.map(gzipSize)),
    Promise.all(files.map(brotliSize)),
  ])
  const row = {
    ...form,
    bytes: bytesOfFiles(stored),
    gzip: sum(zipped),
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
