import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { FitOptions, Mask, PruneOptions } from 'tfjs-prune'
import type { Samples } from '../networks/network.js'

/** Facts that a system may need. */
export interface Setting {
  readonly seed: number
  /** Whether inputs are images, which can be shifted. */
  readonly takesImages: boolean
}

/** A way to train; systems that train the same way share their dense rounds. */
export type Way = (setting: Setting) => Partial<FitOptions>

/** Puts a mask on a model of dense weights, and moves those that stay by samples to train on. */
export type Repair = (model: LayersModel, mask: Mask, samples: Samples) => Promise<unknown>

/** A system that the study compares. */
export interface System {
  /** The name of its way to train. */
  readonly way: string
  /** How it prunes. @default the paper's settings */
  readonly pruning?: (setting: Setting) => Partial<PruneOptions>
  /** Whether only the dense network is trained. @default false */
  readonly trainsOnlyDense?: boolean
  /** How each level is repaired, from the dense weights. @default not at all */
  readonly repair?: Repair
  /** Whether the weights are the mean of those of the last epochs. @default false */
  readonly averages?: boolean
  /** A network of its own, which is not pruned. @default that of the study */
  readonly network?: string
  /** Whether it scores by samples of the part to train on. @default false */
  readonly needsSamples?: boolean
}
