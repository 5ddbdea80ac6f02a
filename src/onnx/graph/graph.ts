/** A side of a shape; null where it is open. */
export type Side = number | null

/** A tensor that flows through the graph. */
export interface Value {
  readonly name: string
  /** As tfjs has it: the batch first, the channels last. */
  readonly shape: readonly Side[]
  /** @default float32 */
  readonly dtype?: 'float32' | 'int32' | 'bool'
  /** The channels lie second in the file, as convolutions of ONNX want them. @default last */
  readonly channelsFirst?: boolean
  /** The same elements with the channels first, where an image was made flat. */
  readonly unordered?: {
    readonly name: string
    /** Of an image before it was made flat, without the batch, as tfjs has it. */
    readonly image: readonly number[]
  }
}

/** An attribute of a node, by the type that ONNX gives it. */
export type Attribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly text: string }
  | { readonly ints: readonly number[] }
  | { readonly floats: readonly number[] }
  | { readonly texts: readonly string[] }

/** One operation of ONNX. */
export interface Node {
  readonly name: string
  readonly op: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: Readonly<Record<string, Attribute>>
}

/** Elements by their type in ONNX. `Uint16Array` holds the bits of half floats. */
export type Elements =
  | Float32Array
  | Int32Array
  | BigInt64Array
  | Int8Array
  | Uint16Array
  | Uint8Array

/** A constant of the graph. */
export interface Constant {
  readonly name: string
  readonly shape: readonly number[]
  readonly values: Elements
  /**
   * The axis of the output channels where the constant is a weight that may be stored in fewer
   * bits. @default none: it is stored as it is
   */
  readonly channelAxis?: number
}

/** An input or output of the graph. Open sides have names. */
export interface Port {
  readonly name: string
  readonly shape: readonly (number | string)[]
  readonly dtype: 'float32' | 'int32' | 'bool'
}

/** A network as ONNX has it, nodes in an order in which they can run. */
export interface OnnxGraph {
  readonly name: string
  readonly nodes: readonly Node[]
  readonly constants: readonly Constant[]
  readonly inputs: readonly Port[]
  readonly outputs: readonly Port[]
}
