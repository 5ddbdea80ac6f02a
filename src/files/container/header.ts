import type { io } from '@tensorflow/tfjs-core'
import type { StoredType, ValuesEntry } from '../codecs/codec.js'
import type { ElementType } from '../model/elements.js'
import type { PositionKind } from '../positions/positions.js'

/** 'TFPR' in little-endian order. */
export const MAGIC = 0x5250_4654
/** Version of the format that is written and read. */
export const VERSION = 1
/** Bytes before the deflated header. */
export const PREAMBLE = 20

/** Most axes of a weight. */
export const mostAxes = 32

/** Most bytes of the header, deflated or not: its JSON takes many times as many in memory. */
export const LARGEST_HEADER = 2 ** 24

/** A weight and its section. Elements that are not stored are 0. */
export interface WeightEntry extends ValuesEntry {
  readonly dtype: ElementType
  readonly positions: PositionKind
  /** Rice parameter of the counts of rows or columns. */
  readonly countParameter?: number
  /** Bytes of the positions, the first part of the section. */
  readonly positionBytes: number
  /** The type of the values. */
  readonly values: StoredType
  /**
   * Planes of the values that are deflated, ascending; left out where the values are not in planes.
   */
  readonly deflated?: readonly number[]
  /** Bytes of the values, the second part of the section. */
  readonly valueBytes: number
  /** CRC-32 of the section. */
  readonly crc: number
  /**
   * Place in the list of an earlier weight with the same fields, whose section is that of this one
   * too: it has none of its own.
   */
  readonly sameAs?: number
}

/** Bytes of a weight in the file. */
export function sectionBytes({ positionBytes, valueBytes, sameAs }: WeightEntry): number {
  return sameAs === undefined ? positionBytes + valueBytes : 0
}

/** The parts of a model that are no weights, as tfjs hands them to a handler. */
export type ModelParts = Pick<io.ModelArtifacts, (typeof PARTS)[number]>

/** The format of a container of weights without a topology. */
export const weightsAlone = 'weights'

/** In the order in which they are written. */
const PARTS = [
  'modelTopology',
  'format',
  'generatedBy',
  'convertedBy',
  'userDefinedMetadata',
  'signature',
  'trainingConfig',
  'modelInitializer',
  'initializerSignature',
] as const satisfies readonly (keyof io.ModelArtifacts)[]

/** The header of a container: JSON. */
export interface Header extends ModelParts {
  readonly weights: readonly WeightEntry[]
}

/** The parts of artifacts, or of a header, that are no weights: only those that are there. */
export function partsOf(artifacts: ModelParts): ModelParts {
  const given = PARTS.filter((part) => artifacts[part] !== undefined)
  const parts = Object.fromEntries(given.map((part) => [part, artifacts[part]]))
  return artifacts.modelTopology === undefined ? { ...parts, format: weightsAlone } : parts
}
