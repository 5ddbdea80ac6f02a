import type { Activate, Product } from './operations.js'
import type { Window } from './parts.js'

/** Operations that only training has. */
export type TrainingOperation =
  | Given
  | ProductGradient
  | CutGradient
  | ActivateGradient
  | MaximumGradient
  | SoftmaxGradient
  | Normalise
  | NormaliseGradient

/** A value that the caller gives before it is read: no inputs. */
export interface Given {
  readonly kind: 'given'
  readonly name: string
}

/** Sums the gradients of the matrix and the bias; of the input and of the gradient of the outcome. */
export interface ProductGradient {
  readonly kind: 'productGradient'
  readonly product: Product
}

/** The gradient where the outcome lies between the bounds, else 0; of outcome and gradient. */
export interface CutGradient {
  readonly kind: 'cutGradient'
  readonly bounds: readonly [least: number, most: number]
}

/** Of the input and the gradient of the outcome. */
export interface ActivateGradient {
  readonly kind: 'activateGradient'
  readonly activate: Activate
}

/** Of the input of a largest pool, or of the whole image, its outcome and the gradient of that. */
export interface MaximumGradient {
  readonly kind: 'maximumGradient'
  readonly window: Window
  /** A maximum that does not lie between them has no gradient. @default none */
  readonly bounds?: readonly [least: number, most: number]
  /** Each of the largest has the gradient, as in a maximum of tfjs over axes. @default the first */
  readonly each?: boolean
}

/** Of the outcome of a softmax and the gradient of it. */
export interface SoftmaxGradient {
  readonly kind: 'softmaxGradient'
  readonly log: boolean
}

/** The weights of a batch normalisation, which training changes in place. */
export interface Norm {
  readonly gamma?: Float32Array
  readonly beta?: Float32Array
  readonly mean: Float32Array
  readonly variance: Float32Array
  readonly epsilon: number
  readonly momentum: number
}

/** Batch normalisation by the mean and the variance of the batch. */
export interface Normalise {
  readonly kind: 'normalise'
  readonly norm: Norm
}

/** Of the input and the gradient of the outcome; sums the gradients of gamma and beta. */
export interface NormaliseGradient {
  readonly kind: 'normaliseGradient'
  readonly norm: Norm
}
