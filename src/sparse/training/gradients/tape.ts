import type { Operation, Product, Shape } from '../../network/network.js'

/** A rule's tools. */
export interface Tape {
  readonly shapeOf: (value: number) => Shape
  /** Whether a value depends on a weight that is trained. */
  readonly isTrained: (value: number) => boolean
  /** The bounds of the product that writes a value, if one step alone reads it. */
  readonly boundsOf: (value: number) => Product['bounds']
  /** Whether a gradient is 0 already where the bounds of the product cut. */
  readonly isCut: (gradient: number) => boolean
  /** Adds a step of the layer in hand and gives its outcome. */
  readonly emit: (operation: Operation, inputs: readonly number[], shape: Shape) => number
}

/** Arrays that training changes: values of matrices, biases, scales and shifts. */
export type Trained = (array: Float32Array) => boolean
