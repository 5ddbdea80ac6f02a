import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { Granularity } from './granularity/granularity.js'
import { checkOptionNames } from './internal/check-option-names.js'
import type { WeightValues } from './internal/weight-values.js'
import type { Mask } from './masks/mask.js'
import { pruningStep } from './pruning-step.js'
import type { GatheringProgress } from './scoring/gather-statistics.js'
import type { ScoringSamples } from './scoring/scoring-samples.js'
import type { SelectionOptions } from './select/select-weights.js'
import type { Allocator, Criterion } from './types.js'

/** Options of {@link computeMask}. */
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
  /** Values before training by weight name, for criteria that look at them. @default the model's present values */
  readonly initial?: Readonly<WeightValues>
  /** Round number that the criterion gets. @default 1 */
  readonly round?: number
  /** Samples for criteria that need gradients, inputs or outputs. */
  readonly samples?: ScoringSamples
  /** Sums of - weight times gradient over a training, by weight name, for criteria that need them: `Round.movement`. */
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

/**
 * Scores the prunable weights, shares the density out and keeps exactly the highest: one pruning step.
 *
 * The model is as before when the promise settles; follow with `applyMask`. Each weight keeps exactly what the allocator
 * says (at least one element), ties go by flat index, and the result is a subset of `previous`. What the criterion needs
 * beyond the weights is gathered from `samples`, in inference, with the weights that `previous` keeps.
 *
 * @param model A built model.
 * @param options Density, criterion, allocator, selection and the mask so far.
 * @returns The mask. No tensor is left behind.
 * @throws {RangeError} If the density is outside (0, 1], nothing is prunable, a weight or score is NaN or infinite,
 *   `previous` holds other weights than the selection, `initial` lacks one, the allocator leaves the bounds of a
 *   weight, or the criterion needs samples and there are none, or none of a class.
 * @throws {TypeError} If the criterion does not return a tensor of the weight's shape, or values of another shape are
 *   given.
 *
 * @example
 * ```ts
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { computeMask } from 'tfjs-prune'
 *
 * const model = sequential({ layers: [layers.dense({ units: 16, inputShape: [16] })] })
 * const half = await computeMask(model, { density: 0.5 })
 * const quarter = await computeMask(model, { density: 0.25, previous: half })
 * const revived = quarter.weights[0]!.values.filter((kept, i) => kept > half.weights[0]!.values[i]!)
 * if (quarter.kept !== 64 || revived.length > 0) throw new Error('masks only shrink')
 * ```
 */
export async function computeMask(model: LayersModel, options: ComputeMaskOptions): Promise<Mask> {
  checkComputeMask(options)
  return (await pruningStep(model, options)).mask
}

/** Throws for an option that does not exist. */
export function checkComputeMask(options: ComputeMaskOptions): void {
  checkOptionNames(options, { task: 'prune', known: OPTIONS })
}
