import type { Granularity } from '../granularity/granularity.js'
import { checkFunction } from '../internal/check-function.js'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { checkFunctionPiece, checkObjectPiece } from '../internal/check-piece.js'
import { checkSignal } from '../internal/check-signal.js'
import { copyOptions } from '../internal/copy-options.js'
import { anything, checkFlag, checkIndex, required } from '../internal/option-checks.js'
import type { WeightValues } from '../internal/weight-values.js'
import type { Mask } from '../masks/mask.js'
import type { SelectionOptions } from '../select/selection-options.js'
import type { Allocator, Criterion, GatheringProgress, ScoringSamples } from '../types.js'
import { checkDensity } from './check-density.js'

/** Options of `computeMask` and `pruneWeights`. */
export interface ComputeMaskOptions {
  /** Share of the prunable weights that stays, in (0, 1]. */
  readonly density: number
  /** How much each weight matters. @default that of `allocate`, or magnitude() */
  readonly criterion?: Criterion
  /** How much each layer loses. @default perLayer() */
  readonly allocate?: Allocator
  /**
   * Leaves the first and last kernels whole: those that an input of the model reaches, or from which
   * an output is reached, through no other kernel. The other weights share what is left, so that
   * round(all prunable elements * density) stay in all, whatever the allocator. Ends that are not
   * selected, as frozen ones, change nothing. Throws a RangeError where ends and minimums are more
   * than the density, and beside cells (`nOfM`). @default false
   */
  readonly spareEnds?: boolean
  /** The groups that are pruned as one: units, channels, blocks, cells. @default elements() */
  readonly granularity?: Granularity
  /** Which weights may be pruned. @default all kernels */
  readonly select?: SelectionOptions
  /** Mask so far: elements that it prunes stay pruned. @default the dense mask */
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

/** The caller's task, in the words of errors. */
export const task = 'prune'

/** The pieces of a step, in the words of errors. */
export const stepPieces = {
  criterion: { task, name: 'criterion', kind: 'a criterion' },
  allocate: { task, name: 'allocate', kind: 'an allocator' },
  granularity: { task, name: 'granularity', kind: 'a granularity', method: 'grains' },
} as const

/** Checks of the pieces that every way of pruning takes. */
export const pieceChecks: OptionChecks<
  Pick<
    ComputeMaskOptions,
    'criterion' | 'allocate' | 'spareEnds' | 'granularity' | 'select' | 'samples'
  >
> = {
  criterion: (value) => checkFunctionPiece(value, stepPieces.criterion),
  allocate: (value) => checkFunctionPiece(value, stepPieces.allocate),
  spareEnds: checkFlag,
  granularity: (value) => checkObjectPiece(value, stepPieces.granularity),
  select: anything,
  samples: anything,
}

const checks: OptionChecks<ComputeMaskOptions> = {
  ...pieceChecks,
  density: required(checkDensity),
  previous: anything,
  initial: anything,
  round: checkIndex,
  movement: anything,
  onProgress: checkFunction,
  signal: checkSignal,
}

/** A copy of the options of a step. Throws unless they exist and are of the right types. */
export function checkedStepOptions(options: ComputeMaskOptions): ComputeMaskOptions {
  checkOptions(options, { task, checks })
  return copyOptions(options, checks)
}
