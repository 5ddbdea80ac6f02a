import type { Tensor } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { Parts } from '../sets/image-set.js'
import type { Images } from '../sets/images.js'

/** Inputs and labels of a part. */
export interface Samples {
  readonly xs: Tensor
  readonly ys: Uint8Array
}

/** A network that the study prunes. */
export interface Network {
  /** Builds it with the weights of a seed; two outputs, the second for the positive class. */
  readonly build: (shape: Images['shape'], seed: number) => LayersModel | Promise<LayersModel>
  /** Inputs for it. The caller disposes them. */
  readonly prepare: (parts: Parts) => Promise<Readonly<Record<keyof Parts, Samples>>>
  /** Kernels that are trained and not pruned. @default none */
  readonly whole?: RegExp
  /** Whether images can be shifted in training. @default true */
  readonly takesImages?: boolean
}
