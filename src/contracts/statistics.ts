import type { Optimizer, Tensor } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { Loss } from './loss.js'
import type { NumberArray, SampleData } from './samples.js'
import type { NamedVariable } from './weights.js'

/**
 * The statistics that a criterion may use beyond the weights. All but the last three come from
 * samples.
 */
export type Statistic =
  | 'gradient'
  | 'squaredGradient'
  | 'unitSaliency'
  | 'inputNorm'
  | 'inputProducts'
  | 'zeroShare'
  | 'batchNormScale'
  | 'flow'
  | 'movement'

/** A statistic of all samples, or of those of one class. */
export type Need = Statistic | { readonly statistic: Statistic; readonly class: number }

/**
 * Samples that a criterion's statistics are gathered from, in inference. Those in memory are never
 * disposed. A dataset is read once for its labels, and once for each class that statistics are
 * needed of; its batches, or the samples of the class in each, are the passes. Beside a dataset,
 * `loss` and `label` stand next to its iterator: `{ iterator: () => dataset.iterator(), loss }`.
 */
export type ScoringSamples = SampleData & ScoringSettings

/** Settings beside the samples that a criterion's statistics are gathered from. */
export interface ScoringSettings {
  /** The loss whose gradients count. @default weightedCrossentropy(), of `label` if that is given */
  readonly loss?: Loss
  /**
   * Column of labels `[n, labels]` of 0 and 1, if a sample may have several: its 0 and 1 are the
   * classes. @default a sample has one class
   */
  readonly label?: number
  /**
   * Samples a pass, for data in memory; 1 makes squared gradients those of single samples.
   * @default 32, or those that the model's `batchInputShape` fixes
   */
  readonly batchSize?: number
}

/** How far the gathering of statistics is. */
export interface GatheringProgress {
  /** Samples seen so far; each counts once for every class that statistics are needed of. */
  readonly samples: number
  readonly of: number
}

/** The statistics that are wanted, and the data that they come from. */
export interface Gathering {
  readonly needs: readonly Need[]
  /** Names of the weights, e.g. `dense_1/kernel`. */
  readonly weights: readonly string[]
  readonly samples?: ScoringSamples | undefined
  /** Sums of - weight times gradient over a training, by the weight's name. */
  readonly movement?: Readonly<Record<string, NumberArray>> | undefined
  /** Called as samples are seen. */
  readonly onProgress?: ((progress: GatheringProgress) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

/** Statistics of a model's weights; they live until `dispose`. */
export interface GatheredStatistics {
  /** Those of one weight, of all samples or of one class. */
  readonly of: (
    weight: string,
    classIndex: number | undefined,
  ) => Partial<Record<Statistic, Tensor>>
  /** Disposes all tensors of the statistics. */
  readonly dispose: () => void
}

/** Sums of - weight times gradient over the steps of a training. */
export interface MovementSums {
  /** Wraps an optimizer: before each step its gradients are taken into account. */
  readonly watch: (optimizer: Optimizer) => Optimizer
  /** The sums on the host, by weight name. */
  readonly read: () => Promise<Record<string, Float32Array>>
  /** Goes on from sums that were read before. Left out: the state within a round cannot be kept. */
  readonly restore?: (sums: Readonly<Record<string, NumberArray>>) => void
  /** Disposes the sums; called once, at the end. */
  readonly dispose: () => void
}

/**
 * Gathers statistics of a model as it is, in one pass over the samples per class. The members do
 * all else that only statistics ask of a run; a function without them answers for its statistics by
 * itself, from the first pruned round on.
 */
export interface Gather {
  (model: LayersModel, gathering: Gathering): Promise<GatheredStatistics>
  /**
   * Throws unless the weights can have the statistics that are needed, and the samples for them are
   * there and fit the model.
   */
  readonly check?: (
    model: LayersModel,
    gathering: Pick<Gathering, 'needs' | 'weights' | 'samples' | 'signal'>,
  ) => void | Promise<void>
  /**
   * Statistics of ones, or of minus ones where they may be negative, of the shapes that a weight of
   * this shape has: to try a criterion before anything is gathered.
   */
  readonly examples?: (
    needs: readonly Need[],
    shape: readonly number[],
  ) => Partial<Record<Statistic, Tensor>>
  /** Starts sums at 0 for these weights, if the needs ask for movement. */
  readonly movement?: (
    needs: readonly Need[],
    weights: readonly NamedVariable[],
  ) => MovementSums | undefined
}
