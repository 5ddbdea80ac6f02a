import type { Shape } from './network/network.js'
import type { SparseInput, TensorLike } from './read-inputs.js'

/** A compiled network. It holds memory of its own until it is disposed. */
export interface SparseNetwork {
  /** Shapes of one sample of each input and output. */
  readonly inputs: readonly Shape[]
  readonly outputs: readonly Shape[]
  /**
   * Runs the network. A typed array holds whole samples, row-major, and the outcome is one too. A
   * tensor `[n, ...shape]` gives a tensor, if `tfjs` was handed in. The caller disposes both.
   *
   * @throws {RangeError} If the inputs are no whole samples of these shapes, or not finite.
   * @throws {TypeError} If an input is neither typed array nor tensor.
   * @throws {Error} If the network is disposed of.
   */
  readonly predict: Predict
  /** A row for each step of the network, and their sums. */
  readonly stats: SparseStats
  /**
   * Takes the weights that the source has now: a compiled network does not see later changes.
   * Until the promise settles, the old weights are in use; if it rejects, they stay. Of several at
   * once, the one that began last counts.
   */
  readonly update: () => Promise<void>
  /** Frees the memory; a second call does nothing. */
  readonly dispose: () => void
}

/** One input as itself, several as a list; the same for outputs. */
export interface Predict {
  (inputs: NumberArray | readonly NumberArray[]): Float32Array | Float32Array[]
  <T extends TensorLike>(inputs: T | readonly T[]): T | T[]
  (inputs: SparseInput | readonly SparseInput[]): Float32Array | Float32Array[]
}

export type NumberArray = Exclude<SparseInput, TensorLike>

export interface SparseStats {
  readonly steps: readonly StepStats[]
  /** Of one sample: done, and those that the same network without zeros takes. */
  readonly multiplyAdds: number
  readonly denseMultiplyAdds: number
  /** Bytes of memory: weights, their places, and values between steps. */
  readonly bytes: number
}

export interface StepStats {
  /** Path of the layer. */
  readonly layer: string
  /** Kind of operation, such as `product` or `pool`. */
  readonly operation: string
  /** Where it runs: by which kernel, or in tfjs. */
  readonly way: 'sparse' | 'dense' | 'plain' | 'tfjs'
  /** Share of the weights that are not 0; undefined where there are none. */
  readonly density: number | undefined
  /** Of one sample. */
  readonly multiplyAdds: number
  readonly denseMultiplyAdds: number
}
