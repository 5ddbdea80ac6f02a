import type { Granularity } from '../granularity/granularity.js'
import { checkOptionNames } from '../internal/check-option-names.js'
import type { WeightValues } from '../internal/weight-values.js'
import type { Mask } from '../masks/mask.js'
import type { SelectionOptions } from '../select/select-weights.js'
import type { Allocator, Criterion, GatheringProgress, ScoringSamples } from '../types.js'

/** Options of `computeMask` and `pruneWeights`. */
export interface ComputeMaskOptions {
  /** Share of the prunable weights that stays, in (0, 1]. */
  readonly density: number
  /** What matters in a weight. @default magnitude() */
  readonly criterion?: Criterion
  /** How much each layer loses. @default perLayer() */
  readonly allocate?: Allocator
  /** What is pruned as one: units, channels, blocks, cells. @default elements() */
  readonly granularity?: Granularity
  /** Which weights may be pruned. @default all kernels */
  readonly select?: SelectionOptions
  /** Mask so far: what it prunes stays pruned. @default the dense mask */
  readonly previous?: Mask
  /**
   * Values before training by weight name, for criteria that look at them. @default the model's
   * present values
   */
  readonly initial?: Readonly<WeightValues>
  /** Round number that the criterion gets. @default 1 */
  readonly round?: number
  /** Samples for criteria that need gradients, inputs or outputs. */
  readonly samples?: ScoringSamples
  /**
   * Sums of - weight times gradient over a training, by weight name, for criteria that need them:
   * `Round.movement`.
   */
  readonly movement?: Readonly<WeightValues>
  /** Hears how far the gathering of statistics is. */
  readonly onProgress?: (progress: GatheringProgress) => void
  /** Ends the gathering at the next batch. */
  readonly signal?: AbortSignal
}

const OPTIONS = [
  'density',
  'criterion',
  'allocate',
  'granularity',
  'select',
  'previous',
  'initial',
  'round',
  'samples',
  'movement',
  'onProgress',
  'signal',
] as const satisfies readonly (keyof ComputeMaskOptions)[]

/** Throws for an option that does not exist. */
export function checkStepOptions(options: ComputeMaskOptions): void {
  checkOptionNames(options, { task: 'prune', known: OPTIONS })
}
