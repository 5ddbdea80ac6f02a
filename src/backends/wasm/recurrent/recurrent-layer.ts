import type { Tensor } from '@tensorflow/tfjs-core'
import type { LayerVariable, layers } from '@tensorflow/tfjs-layers'

/** An activation of tfjs. */
export interface Activation {
  readonly getClassName: () => string
  readonly apply: (x: Tensor) => Tensor
}

/** The cell of a recurrent layer of tfjs, as far as the fused way reads it. */
export interface RecurrentCell {
  readonly units: number
  readonly kernel: LayerVariable
  readonly recurrentKernel: LayerVariable
  readonly bias: LayerVariable | null
  readonly activation: Activation
  /** That of the gates; a SimpleRNN has none. */
  readonly recurrentActivation?: Activation
  readonly dropout: number
  readonly recurrentDropout: number
}

/** A recurrent layer of tfjs. */
export interface RecurrentLayer extends layers.Layer {
  readonly cell: RecurrentCell
  readonly returnSequences: boolean
  readonly returnState: boolean
  readonly goBackwards: boolean
  readonly numConstants: number | null
}
