import type { GraphBuilder } from '../graph/builder.js'
import type { Side, Value } from '../graph/graph.js'

/** A weight of a layer, row by row as tfjs has it. */
export interface Weight {
  /** The name of its constant: a shared layer has one, whatever calls it. */
  readonly name: string
  readonly shape: readonly number[]
  readonly values: Float32Array
}

/** One call of a layer that is to be said in ONNX. */
export interface LayerToWrite {
  readonly path: string
  /** Class name, that of the stock layer for a masking one. */
  readonly className: string
  /** As `getConfig` gives it, keys in the words of tfjs. */
  readonly config: Readonly<Record<string, unknown>>
  readonly inputs: readonly Value[]
  /** Shapes of the outputs, as tfjs tells them. */
  readonly outputs: readonly (readonly Side[])[]
  /** A weight by its role (`kernel`); undefined where the layer has none. */
  readonly weight: (role: string) => Weight | undefined
  readonly graph: GraphBuilder
  /** A layer within this one: that of a wrapper, with inputs of its own. */
  readonly inner: (
    option: 'layer' | 'forwardLayer' | 'backwardLayer',
    call: { readonly inputs: readonly Value[]; readonly outputs: readonly (readonly Side[])[] },
  ) => LayerToWrite
  /** The cells of a recurrent layer that are stacked, from the first to the last; else none. */
  readonly stackedCells: () => readonly LayerToWrite[]
  /** The model within this layer: that of a wrapper. Undefined where there is none. */
  readonly innerModel: InnerModel | undefined
}

/** A model that a wrapper calls. */
export interface InnerModel {
  /** Type of its input. */
  readonly dtype: Value['dtype']
  /** Says all of its layers, and gives its output. */
  readonly write: (input: Value) => Value
}

/**
 * Says a call of a layer in ONNX and gives its outputs. Throws by {@link cannotSay} where ONNX has
 * no words for it.
 */
export type LayerWriter = (layer: LayerToWrite) => Value | readonly Value[]
