import type { Tensor } from '@tensorflow/tfjs-core'
import type { WeightPlace } from './weights.js'

/**
 * A moment of a round's training, counted in finished epochs or in finished steps (optimizer
 * updates).
 */
export type TrainingPoint = { readonly epoch: number } | { readonly step: number }

/**
 * One weight as a {@link Rewinder} sees it. The tensors belong to the caller: do not dispose
 * them.
 */
export interface RewoundWeight extends Pick<WeightPlace, 'name'> {
  /** Round that is about to be trained. */
  readonly round: number
  /** Values before training, W0. */
  readonly initial: Tensor
  /** Values at the rewinder's `capture` point of round 0; W0 where it names none. */
  readonly captured: Tensor
  /** Values at the end of the previous round's training. */
  readonly trained: Tensor
  /** Draws fresh values from the layer's own initializer; the caller disposes them. */
  readonly draw: (seed: number) => Tensor
}

/**
 * Says where the weights that survive a pruning step restart, and which other state restarts with
 * them.
 */
export interface Rewinder {
  /** Name for reports, e.g. `rewindToInitial`. */
  readonly name: string
  /** Point of round 0 to remember; left out, that is W0. */
  readonly capture?: TrainingPoint
  /**
   * Values of a trainable weight at the start of the next round; pruned elements are set to 0
   * afterwards.
   */
  readonly weights: (weight: RewoundWeight) => Tensor
  /** Weights that are not trained, such as the moving statistics of batch normalisation. */
  readonly statistics: 'rewound' | 'kept'
  /**
   * Slots of the optimizer: a new optimizer, those of the capture point, or those of the previous
   * round's end.
   */
  readonly optimizer: 'fresh' | 'rewound' | 'kept'
  /** The learning-rate schedule starts again at the capture point, or stays at its last value. */
  readonly learningRate: 'rewound' | 'last'
  /** The batches come in the same order again, or the order goes on. */
  readonly dataOrder: 'rewound' | 'continued'
}
