import type { CompressedType, QuantisedType } from 'tfjs-prune/files'

/** The types of values of a container, by `--type`. */
export const containerTypes: readonly CompressedType[] = [
  'float32',
  'float16',
  'int8',
  'codebook4',
  'codebook5',
  'codebook6',
  'codebook7',
  'codebook8',
]
/** The types of values of stock files, by `--type`. */
export const stockTypes: readonly ('float32' | QuantisedType)[] = [
  'float32',
  'float16',
  'uint8',
  'uint16',
]
