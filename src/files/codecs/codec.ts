import type { Elements, ElementType } from '../model/elements.js'
import type { CompressedType } from '../model/value-type.js'
import type { Work } from '../model/work.js'
import type { ChannelLayout } from './channel-layout.js'

/**
 * Type of the values of a section. Whole numbers, flags and texts are stored in their own type
 * alone.
 */
export type StoredType = CompressedType | Exclude<ElementType, 'float32'>

/** The elements of a weight that are kept. */
export interface Survivors<E extends Elements = Elements> {
  /** In the order of their places. */
  readonly values: E
  /** Flat index of each value; undefined for all places in flat order. */
  readonly order: Uint32Array | undefined
  /** Output channels of the weight's places. */
  readonly channels: ChannelLayout
  /** Results that several types share, kept while a weight is stored in all of them. */
  readonly memo?: { ascending?: Float32Array }
}

/** The fields that some types add to the entry of a weight in the header. */
export interface TypeFields {
  /** For steps per channel. */
  readonly channels?: ChannelLayout
  /** Entries of a codebook. */
  readonly centres?: number
}

/** The entry of a weight, as far as codecs read it. */
export interface ValuesEntry extends TypeFields {
  readonly name: string
  readonly shape: readonly number[]
  /** Number of values that are stored; of texts, of their bytes. */
  readonly kept: number
}

/** A head, such as a codebook, and the elements after it. */
export interface CodedParts {
  readonly head: Uint8Array
  /** As many bytes an element as the codec's `width`. */
  readonly body: Uint8Array
}

/** Values in a type, with the fields of the header that decoding asks for. */
export interface CodedValues extends CodedParts {
  readonly fields: TypeFields
}

/** Throws a RangeError that names the weight unless something holds. */
export type Demand = (holds: boolean, wanted: string, got: unknown) => void

/**
 * All that the container knows of a value type, but for its {@link Encoder}: a page that only loads
 * files brings none. A codec sees at least one value.
 */
export interface Codec {
  /** Element type of the weights that it stores. */
  readonly dtype: ElementType
  /** Bits of an element where it is not deflated, packed side by side if they are below 8. */
  readonly bits: number
  /** Bytes of an element in the planes that are deflated. */
  readonly width: number
  /** The values that it can hold, in words. */
  readonly holds: string
  /** Whether it can hold a value. */
  fits(value: number): boolean
  /** The bytes of the elements. Throws a RangeError where the parts contradict each other. */
  decode(parts: CodedParts, entry: ValuesEntry, order: Uint32Array | undefined): Work<ArrayBuffer>
  /** Bytes of the head. */
  headBytes(entry: ValuesEntry, order: Uint32Array | undefined): Work<number>
  /** Most bytes of head and elements, known from the header alone. */
  mostBytes(entry: ValuesEntry): number
  /** The fewest of them where nothing is deflated. @default mostBytes */
  leastBytes?(entry: ValuesEntry): number
  /** Checks the fields that it adds to the entry, before anything else is asked. */
  checkFields?(entry: ValuesEntry, demand: Demand): void
}

/** The way back of a {@link Codec}, in the same file. */
export interface Encoder<E extends Elements = Elements> {
  /** Writes values that all fit, and tells the fields of none. */
  encode(survivors: Survivors<E>): Work<CodedValues>
}
