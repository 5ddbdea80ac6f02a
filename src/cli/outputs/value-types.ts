import type { CompressedType, QuantisedType } from 'tfjs-prune/files'

// Keys of records: a type that is forgotten here does not compile.
const container: Readonly<Record<CompressedType, true>> = {
  float32: true,
  float16: true,
  int8: true,
  codebook4: true,
  codebook5: true,
  codebook6: true,
  codebook7: true,
  codebook8: true,
}
const stock: Readonly<Record<'float32' | QuantisedType, true>> = {
  float32: true,
  float16: true,
  uint8: true,
  uint16: true,
}

/** The types of values of a container, by `--type`. */
export const containerTypes = Object.keys(container) as readonly CompressedType[]
/** The types of values of stock files, by `--type`. */
export const stockTypes = Object.keys(stock) as readonly (keyof typeof stock)[]
