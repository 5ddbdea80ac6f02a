import type { LayersModel } from '@tensorflow/tfjs-layers'
import { perLayer } from './allocate/per-layer.js'
import { magnitude } from './criteria/magnitude.js'
import { checkOptionNames } from './internal/check-option-names.js'
import { countParameters, modelWeights } from './internal/model-weights.js'
import type { WeightValues } from './internal/weight-values.js'
import { createMask, type Mask } from './masks/mask.js'
import { selectHighest } from './masks/select-highest.js'
import { type Gathered, type GatheringProgress, gatherStatistics } from './scoring/gather-statistics.js'
import { checkScoring, needsOf } from './scoring/needs.js'
import { scoreWeight } from './scoring/score-weight.js'
import type { ScoringSamples } from './scoring/scoring-samples.js'
import { withScoringWeights } from './scoring/scoring-weights.js'
import { type PrunableWeight, type SelectionOptions, selectWeights } from './select/select-weights.js'
import type { AllocationRequest, Allocator, Criterion } from './types.js'

/** Options of {@link computeMask}. */
export interface ComputeMaskOptions {
  /** Share of the prunable weights that stays, in (0, 1]. */
  readonly density: number
  /** What matters in a weight. @default magnitude() */
  readonly criterion?: Criterion
  /** How much each layer loses. @default perLayer() */
  readonly allocate?: Allocator
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
  checkOptionNames(options, { task: 'prune', known: OPTIONS })
  const { density, criterion = magnitude(), previous } = options
  checkDensity(density)
  checkScoring(criterion)
  const { steps = 1 } = criterion
  const start = previous?.density ?? 1
  let mask = previous
  for (let step = 1; step <= steps; step++) {
    const next = step === steps ? density : start * (density / start) ** (step / steps)
    mask = await maskStep(model, { ...options, criterion, density: next, ...(mask && { previous: mask }) })
  }
  return mask!
}

type Step = ComputeMaskOptions & { readonly criterion: Criterion }

async function maskStep(model: LayersModel, options: Step): Promise<Mask> {
  const { density, allocate = perLayer(), select = {}, previous } = options
  const { weights } = selectWeights(model, select)
  checkPrevious(weights, previous)
  const masks = new Map(weights.map((weight) => [weight.name, previousValues(weight, previous)]))
  const requests = await scoreAll(model, weights, { ...options, masks })
  const counts = allocate(requests, density)
  checkCounts(requests, counts)
  const kept = weights.map(({ name, layer, role, shape }, i) => {
    const { scores, mask } = requests[i]!
    return { name, layer, role, shape, values: selectHighest(scores, counts[i]!, mask) }
  })
  return createMask(kept, countParameters(model))
}

async function scoreAll(
  model: LayersModel,
  weights: readonly PrunableWeight[],
  options: Step & { readonly masks: ReadonlyMap<string, Uint8Array> },
): Promise<AllocationRequest[]> {
  const { criterion, masks, initial, round = 1 } = options
  const before = new Map(weights.map((weight) => [weight.name, initialValues(weight, initial)]))
  const variables = new Map(modelWeights(model).map((weight) => [weight.name, weight]))
  const own = weights.map(({ name }) => variables.get(name)!)
  const needs = needsOf(criterion)
  const gather = () => gatherStatistics(model, { ...options, needs, weights: own })
  const at = criterion.at ?? 'trained'
  const gathered: Gathered =
    needs.length > 0 ? await withScoringWeights(model, { at, initial, masks }, gather) : await gather()
  try {
    const requests: AllocationRequest[] = []
    for (const weight of weights) {
      const mask = masks.get(weight.name)!
      const scoring = { weight: variables.get(weight.name)!, mask, before: before.get(weight.name), round, gathered }
      requests.push(request(weight, mask, await scoreWeight(criterion, scoring)))
    }
    return requests
  } finally {
    gathered.dispose()
  }
}

function request(weight: PrunableWeight, mask: Uint8Array, scores: Float32Array): AllocationRequest {
  const { name, layer, shape, size } = weight
  const kept = mask.reduce((sum, value) => sum + value, 0)
  const minimumKept = Math.min(weight.minimumKept, kept)
  const maximumKept = Math.min(weight.maximumKept, kept)
  return { name, layer, shape, size, kept, minimumKept, maximumKept, scores, mask }
}

/** Throws unless a density is a number in (0, 1]. */
export function checkDensity(density: number, where = ''): void {
  if (typeof density !== 'number') {
    throw new TypeError(`Cannot prune${where}: expected a number as density, got ${typeof density}`)
  }
  if (!(density > 0 && density <= 1)) {
    throw new RangeError(`Cannot prune${where}: expected a density in (0, 1], got ${density}`)
  }
}

function previousValues({ name, shape, size }: PrunableWeight, previous: Mask | undefined): Uint8Array {
  if (!previous) return new Uint8Array(size).fill(1)
  const masked = previous.weights.find((weight) => weight.name === name)
  if (!masked)
    throw new RangeError(`Cannot prune ${name}: expected the previous mask to hold it, got a mask without it`)
  if (masked.shape.join() !== shape.join()) {
    const got = `[${masked.shape.join(', ')}]`
    throw new TypeError(`Cannot prune ${name}: expected a previous mask of shape [${shape.join(', ')}], got ${got}`)
  }
  return masked.values
}

/** What the previous mask prunes outside of the selection would come back unnoticed. */
function checkPrevious(weights: readonly PrunableWeight[], previous: Mask | undefined): void {
  const names = new Set(weights.map(({ name }) => name))
  const left = previous?.weights.find(({ name }) => !names.has(name))
  if (!left) return
  throw new RangeError(
    `Cannot prune: expected a selection with all weights of the previous mask, got one without ${left.name}`,
  )
}

function initialValues({ name, size }: PrunableWeight, initial: ComputeMaskOptions['initial']) {
  if (!initial) return undefined
  const values = initial[name]
  if (!values) throw new RangeError(`Cannot score ${name}: expected its initial values, got none`)
  if (values.length !== size) {
    throw new TypeError(`Cannot score ${name}: expected ${size} initial values, got ${values.length}`)
  }
  return values
}

/** Throws unless an allocator shares out a density over the dense weights of a model; they serve as scores. */
export function checkAllocator(allocate: Allocator, { model, density, values, select }: DenseWeights): void {
  const requests = selectWeights(model, select).weights.map((weight) =>
    request(weight, new Uint8Array(weight.size).fill(1), values[weight.name] as Float32Array),
  )
  checkCounts(requests, allocate(requests, density))
}

interface DenseWeights {
  readonly model: LayersModel
  readonly density: number
  readonly values: Readonly<WeightValues>
  readonly select: SelectionOptions
}

function checkCounts(requests: readonly AllocationRequest[], counts: readonly number[]): void {
  if (!Array.isArray(counts) || counts.length !== requests.length) {
    const got = Array.isArray(counts) ? `${counts.length}` : typeof counts
    throw new TypeError(
      `Cannot share out the density: expected ${requests.length} counts from the allocator, got ${got}`,
    )
  }
  requests.forEach(({ name, minimumKept, maximumKept }, i) => {
    const count = counts[i]!
    if (Number.isInteger(count) && count >= minimumKept && count <= maximumKept) return
    const wanted = `${minimumKept} to ${maximumKept} elements for ${name}`
    throw new RangeError(`Cannot share out the density: expected ${wanted}, got ${count}`)
  })
}
