import type { Tensor } from '@tensorflow/tfjs-core'
import type { RoundReport } from './round-report.js'
import type { Gather, Need } from './statistics.js'
import type { WeightPlace } from './weights.js'

/**
 * One weight as a {@link Criterion} sees it. The tensors belong to the caller: do not dispose
 * them.
 */
export interface ScoredWeight extends Pick<WeightPlace, 'name' | 'layer' | 'role'> {
  /** Axes whose places are the units that the weight makes. @default the last axis */
  readonly unitAxes?: readonly number[]
  /** Round whose mask is being made; 1 is the first round with fewer weights. */
  readonly round: number
  /** Values before training, W0: float32, the weight's shape. */
  readonly initial: Tensor
  /** Values after the training of the previous round: float32, the weight's shape. */
  readonly final: Tensor
  /** Previous mask, 1 = kept: float32, the weight's shape. Scores at zeros are ignored. */
  readonly mask: Tensor
  /** Gradient of the loss, mean over the samples: the weight's shape. */
  readonly gradient?: Tensor
  /** Square of a batch's gradient, mean over the samples of the batches: the weight's shape. */
  readonly squaredGradient?: Tensor
  /**
   * Square of the sum of weight times gradient over a unit (last axis), mean over the samples of the
   * batches:
   * `[1, ..., units]`.
   */
  readonly unitSaliency?: Tensor
  /**
   * Norm of the inputs that an element is multiplied with, over the samples and all places: 1 along
   * the axes on which it does not depend, so that it can be multiplied with the weight.
   */
  readonly inputNorm?: Tensor
  /**
   * Mean of x x^T over the samples and places, x the inputs of one output in the kernel's order:
   * `[inputs, inputs]`.
   */
  readonly inputProducts?: Tensor
  /**
   * Share of zeros among the outputs of each unit, over the samples and places: `[1, ..., units]`.
   */
  readonly zeroShare?: Tensor
  /** Scale gamma of the batch normalisation behind the layer: `[1, ..., units]`. */
  readonly batchNormScale?: Tensor
  /**
   * Derivative of the flow through the network of absolute weights for an input of ones: the
   * weight's shape.
   */
  readonly flow?: Tensor
  /** Sum over the steps of the previous round of - weight times gradient: the weight's shape. */
  readonly movement?: Tensor
  /** The weight with the statistics of one class's samples; there if the criterion needs them. */
  readonly ofClass?: (index: number) => ScoredWeight
}

/**
 * Scores every element of a weight; the highest stay. Returns a float32 tensor of the weight's
 * shape with finite values, which the library disposes. Runs inside `tf.tidy`.
 */
export interface Criterion {
  (weight: ScoredWeight): Tensor
  /** The options that it was made with, for reports, e.g. `{ damping: 0.01 }`. */
  readonly settings?: Readonly<Record<string, unknown>>
  /** Statistics that it looks at. Left out: weights alone. */
  readonly needs?: readonly Need[]
  /**
   * Gathers the statistics in `needs`; a criterion that has needs must carry it. `needing` sets it,
   * and `Object.assign(own, needing([]).gather)` gives a function of your own its members. It is a
   * part of the criterion so that a page which prunes by weights alone loads none of it.
   */
  readonly gather?: Gather
  /**
   * Weights that the statistics are gathered with: the trained ones, or those before training.
   * @default 'trained'
   */
  readonly at?: 'trained' | 'initial'
  /**
   * New values of a weight that make up for newly pruned elements, called with the scored weight
   * and that mask (1 = kept, float32); pruned places are set to 0 afterwards. A run refuses it beside
   * a rewinder that looks at no trained weight. Left out: the values stay as they are.
   */
  readonly compensate?: (weight: ScoredWeight, kept: Tensor) => Tensor
  /**
   * Steps in which a round's density is reached, the statistics gathered anew in each. @default 1
   */
  readonly steps?: number
  /**
   * Whether a weight that is NaN or infinite always has a score that is: weights are then not read
   * to look for it, which takes as long as the selection. @default false
   */
  readonly showsNonFinite?: boolean
  /**
   * The criterion of the next round, from the finished ones, the dense one first: a run asks it
   * before each step. The answer needs the same statistics; the criterion itself is that of a step
   * without rounds. @default the same in all rounds
   */
  readonly forRound?: (rounds: readonly RoundReport[]) => Criterion
}
