/**
 * How the container stores values that are not pruned: as they are, as half-precision numbers, as
 * 8-bit whole numbers with a step per output channel, or as 4 to 8 bits each that point into a
 * codebook of the weight.
 */
export type ValueType =
  | 'float32'
  | 'float16'
  | 'int8'
  | 'codebook4'
  | 'codebook5'
  | 'codebook6'
  | 'codebook7'
  | 'codebook8'

const BITS: Readonly<Record<ValueType, number>> = {
  codebook4: 4,
  codebook5: 5,
  codebook6: 6,
  codebook7: 7,
  int8: 8,
  codebook8: 8,
  float16: 16,
  float32: 32,
}

/** All types, small to large. */
export const valueTypes = Object.keys(BITS) as readonly ValueType[]

/** Bits of one stored value, the codebook and the steps of the channels not counted. */
export function bitsOf(type: ValueType): number {
  return BITS[type]
}
