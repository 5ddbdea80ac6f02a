import type { LayerCall, Shape } from './network.js'

/** A weight without its zeros. */
export interface SparseWeight {
  readonly shape: readonly number[]
  /** Row-major places of the values, ascending. @default all places */
  readonly positions?: Uint32Array
  readonly values: Float32Array
}

/** The two names of a weight: sources know one of them. */
export interface WeightName {
  /** Path of its layer and its role, such as `trunk/dense/kernel`: unique in a model. */
  readonly path: string
  /** The name in a saved model, such as `dense/kernel`: models around its layer are left out. */
  readonly saved: string
}

/** A layer that tfjs runs, with the shape of its output. */
export interface CalledLayer {
  readonly shape: Shape
  readonly call: LayerCall['call']
}

/** All that a network is compiled from. */
export interface NetworkSource {
  /** The model as Keras JSON, as `model.toJSON(null, false)` and model.json have it. */
  readonly topology: object
  /** The user-defined metadata of the model. @default none */
  readonly metadata?: object | undefined
  /**
   * A weight; undefined where there is none of that name.
   *
   * @internal
   */
  readonly weight: (name: WeightName) => SparseWeight | undefined
  /**
   * Whether a layer, by its path, or one that it wraps, is of a user's class with the name of the
   * one that it extends; the name then does not tell what it does. @default false
   */
  readonly inheritsName?: (path: string) => boolean
  /**
   * Whether a layer, by its path, or one that it wraps, has an activation of a user under the name
   * of a stock one. @default false
   */
  readonly ownActivation?: (path: string) => boolean
  /** Whether a layer of a user's class, by its path, makes masks. @default it makes none */
  readonly makesMask?: (path: string) => boolean
  /**
   * Runs a layer that cannot be compiled, by its path, on samples of these shapes; absent where
   * there is no tfjs.
   *
   * @internal
   */
  readonly layerCall?: (path: string, inputs: readonly Shape[]) => CalledLayer
}
