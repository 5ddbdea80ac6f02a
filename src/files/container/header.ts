import type { io } from '@tensorflow/tfjs-core'
import type { CompressedType } from '../values/value-type.js'
import type { PositionKind } from './positions.js'

/** 'TFPR' in little-endian order. */
export const MAGIC = 0x5250_4654
/** Version of the format that is written and read. */
export const VERSION = 1
/** Bytes before the deflated header. */
export const PREAMBLE = 20

/** Most bytes of the header, deflated or not: its JSON takes many times as many in memory. */
export const LARGEST_HEADER = 2 ** 24

/** What the values of a section are. */
export type StoredType = CompressedType | 'int32' | 'bool'

/** Which output channel a value belongs to: floor(flat index / stride) mod count. */
export interface ChannelLayout {
  readonly stride: number
  readonly count: number
}

/** What the header says of a weight and its section. */
export interface WeightEntry {
  readonly name: string
  readonly shape: readonly number[]
  readonly dtype: 'float32' | 'int32' | 'bool'
  /** Number of values that are stored; all others are 0. */
  readonly kept: number
  readonly positions: PositionKind
  /** Rice parameter of the counts of rows or columns. */
  readonly countParameter?: number
  /** Bytes of the positions, the first part of the section. */
  readonly positionBytes: number
  readonly values: StoredType
  /** For int8. */
  readonly channels?: ChannelLayout
  /** Entries of a codebook. */
  readonly centres?: number
  /**
   * Planes of the values that are deflated, ascending; left out where the values are not in planes.
   */
  readonly deflated?: readonly number[]
  /** Bytes of the values, the second part of the section. */
  readonly valueBytes: number
  /** CRC-32 of the section. */
  readonly crc: number
}

/** The parts of a model that are no weights, as tfjs hands them to a handler. */
export type ModelParts = Pick<
  io.ModelArtifacts,
  'modelTopology' | 'format' | 'generatedBy' | 'convertedBy' | 'userDefinedMetadata'
>

/** The header of a container: JSON. */
export interface Header extends ModelParts {
  readonly weights: readonly WeightEntry[]
}

/** The parts of artifacts, or of a header, that are no weights: only those that are there. */
export function partsOf({
  modelTopology,
  format,
  generatedBy,
  convertedBy,
  userDefinedMetadata,
}: ModelParts): ModelParts {
  return {
    ...(modelTopology !== undefined && { modelTopology }),
    ...(format !== undefined && { format }),
    ...(generatedBy !== undefined && { generatedBy }),
    ...(convertedBy !== undefined && { convertedBy }),
    ...(userDefinedMetadata !== undefined && { userDefinedMetadata }),
  }
}

/** Bytes of an element of the values, the bits of a codebook's index rounded up. */
export function valueWidth(values: StoredType): number {
  if (values === 'float32' || values === 'int32') return 4
  return values === 'float16' ? 2 : 1
}
