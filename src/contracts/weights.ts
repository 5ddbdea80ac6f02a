import type { Variable } from '@tensorflow/tfjs-core'

/** A weight's place in its model, and its shape. */
export interface WeightPlace {
  /** Layer path and role, e.g. `dense_1/kernel`; unique within the model. */
  readonly name: string
  /** Layer path, e.g. `dense_1`, or `encoder/dense_1` in a nested model. */
  readonly layer: string
  /** Last part of the weight's tfjs name, e.g. `kernel`, `bias`, `recurrent_kernel`. */
  readonly role: string
  /** The weight's shape. */
  readonly shape: readonly number[]
  /** Class name of the layer, e.g. `Dense`. */
  readonly className: string
}

/** A weight by its name, and the variable that holds it. */
export interface NamedVariable {
  readonly name: string
  readonly variable: Variable
}

/** Counts of one layer's weight under a mask. */
export interface WeightStatistics extends Pick<WeightPlace, 'name'> {
  readonly size: number
  readonly kept: number
  /** kept / size. */
  readonly density: number
}

/** A pruned kernel that is left with hardly a connection for each of its outputs. */
export interface StarvedKernel extends Pick<WeightPlace, 'name'> {
  /** Elements that stay. */
  readonly kept: number
  /** Outputs that the kernel makes: neurons, filters, recurrent cells with all their gates. */
  readonly units: number
  /** kept / units, below 2. */
  readonly perUnit: number
}
