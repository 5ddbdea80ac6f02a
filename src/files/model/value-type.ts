/**
 * How {@link saveCompressed} stores a value: as it is, as a half-precision number, as a whole
 * number of 8 bits with a step per output channel, or as an index of 4 to 8 bits into a codebook of
 * the weight.
 */
export type CompressedType =
  | 'float32'
  | 'float16'
  | 'int8'
  | 'codebook4'
  | 'codebook5'
  | 'codebook6'
  | 'codebook7'
  | 'codebook8'

/**
 * How {@link saveQuantised} stores a value: as a whole number of 8 or 16 bits on a line per weight,
 * or as a half-precision number. Stock tfjs reads no others beside its own float32.
 */
export type QuantisedType = 'uint8' | 'uint16' | 'float16'

/**
 * The types in which a file holds the values of weights, all of them.
 *
 * | type | bits | written by | error, at most |
 * |---|---|---|---|
 * | `codebook4` to `codebook8` | 4 to 8 | `saveCompressed` | that of k-means with 2^bits centres |
 * | `int8` | 8 | `saveCompressed` | 0.41 % of the largest value of the output channel |
 * | `uint8` | 8 | `saveQuantised` | (highest - lowest) / 510 of the weight |
 * | `uint16` | 16 | `saveQuantised` | (highest - lowest) / 131070 of the weight |
 * | `float16` | 16 | both | 2^-11 of the value from 2^-14 on |
 * | `float32` | 32 | `saveCompressed`; `model.save` of {@link strip}'s copy | none |
 *
 * {@link narrowest} tries any of them: `float16` and `float32` as `saveCompressed` writes them.
 * {@link sizeReport} measures all of them, in both files.
 */
export type ValueType = CompressedType | QuantisedType

/** The type that loses nothing. */
export const lossless = 'float32' satisfies CompressedType
