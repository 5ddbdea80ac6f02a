import type { FitOptions, PruneOptions } from 'tfjs-prune'

/** Facts that a system may need. */
export interface Setting {
  readonly seed: number
  /** Whether inputs are images, which can be shifted. */
  readonly takesImages: boolean
}

/** A way to train; systems that train the same way share their dense rounds. */
export type Way = (setting: Setting) => Partial<FitOptions>

/** A system that the study compares. */
export interface System {
  /** The name of its way to train. */
  readonly way: string
  /** How it prunes. @default the paper's settings */
  readonly pruning?: (setting: Setting) => Partial<PruneOptions>
  /** Whether only the dense network is trained. @default false */
  readonly trainsOnlyDense?: boolean
  /** Whether the weights are the mean of those of the last epochs. @default false */
  readonly averages?: boolean
  /** A network of its own, which is not pruned. @default that of the study */
  readonly network?: string
  /** Whether it scores by samples of the part to train on. @default false */
  readonly needsSamples?: boolean
}
