import type { Config } from '../layers/config.js'

/** One output of one call of a layer. */
export interface Reference {
  readonly layer: string
  /** Counts the calls of the layer, in the order of the file. */
  readonly call: number
  readonly output: number
}

/** A layer of a model, with the inputs of each of its calls. */
export interface LayerData {
  readonly name: string
  readonly className: string
  readonly config: Config
  readonly calls: readonly (readonly Reference[])[]
  /** Where the layer is a model. */
  readonly model?: ModelData
}

/** A model as a graph of layers; a sequential model is one too. */
export interface ModelData {
  readonly layers: readonly LayerData[]
  readonly inputs: readonly Reference[]
  readonly outputs: readonly Reference[]
}
