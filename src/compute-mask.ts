import { ones, type Tensor, Tensor as TensorClass, tensor, tidy } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { perLayer } from './allocate/per-layer.js'
import { magnitude } from './criteria/magnitude.js'
import { checkOptionNames } from './internal/check-option-names.js'
import { countParameters, type ModelWeight, modelWeights } from './internal/model-weights.js'
import { firstNonFinite, type WeightValues } from './internal/weight-values.js'
import { createMask, type Mask } from './masks/mask.js'
import { selectHighest } from './masks/select-highest.js'
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
}

/**
 * Scores the prunable weights, shares the density out and keeps exactly the highest: one pruning step.
 *
 * The model is not changed; follow with `applyMask`. Each weight keeps exactly what the allocator says (at least one
 * element), ties go by flat index, and the result is a subset of `previous`.
 *
 * @param model A built model.
 * @param options Density, criterion, allocator, selection and the mask so far.
 * @returns The mask. No tensor is left behind.
 * @throws {RangeError} If the density is outside (0, 1], nothing is prunable, a weight or score is NaN or infinite,
 *   `previous` holds other weights than the selection, `initial` lacks one, or the allocator leaves the bounds of a
 *   weight.
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
  checkOptionNames(options, {
    task: 'prune',
    known: ['density', 'criterion', 'allocate', 'select', 'previous', 'initial', 'round'],
  })
  const { density, criterion = magnitude(), allocate = perLayer(), select = {}, previous, initial, round = 1 } = options
  checkDensity(density)
  const { weights } = selectWeights(model, select)
  checkPrevious(weights, previous)
  const variables = new Map(modelWeights(model).map((weight) => [weight.name, weight]))
  const requests: AllocationRequest[] = []
  for (const weight of weights) {
    const mask = previousValues(weight, previous)
    const before = initialValues(weight, initial)
    const scores = await score(criterion, { weight: variables.get(weight.name)!, mask, before, round })
    requests.push(request(weight, mask, scores))
  }
  const counts = allocate(requests, density)
  checkCounts(requests, counts)
  const kept = weights.map(({ name, layer, role, shape }, i) => {
    const { scores, mask } = requests[i]!
    return { name, layer, role, shape, values: selectHighest(scores, counts[i]!, mask) }
  })
  return createMask(kept, countParameters(model))
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

/** Throws unless a criterion returns a tensor of the right shape and type for the first weight; values do not count. */
export function checkCriterion(model: LayersModel, criterion: Criterion, select: SelectionOptions): void {
  const [first] = selectWeights(model, select).weights
  const { name, layer, role, variable } = modelWeights(model).find((weight) => weight.name === first!.name)!
  tidy(() => {
    const weight = { name, layer, role, round: 1, initial: variable, final: variable, mask: ones(variable.shape) }
    checkScores(name, criterion(weight), variable)
  })
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

interface Scoring {
  readonly weight: ModelWeight
  readonly mask: Uint8Array
  readonly before: WeightValues[string] | undefined
  readonly round: number
}

async function score(criterion: Criterion, { weight, mask, before, round }: Scoring): Promise<Float32Array> {
  const { name, layer, role, variable } = weight
  checkFinite(name, 'weights', await variable.data())
  const scores = tidy(() => {
    const initial = before ? tensor(before, variable.shape) : variable
    const kept = mask.every((value) => value === 1)
      ? ones(variable.shape)
      : tensor(Float32Array.from(mask), variable.shape)
    const result = criterion({ name, layer, role, round, initial, final: variable, mask: kept })
    checkScores(name, result, variable)
    // A criterion may answer with one of its inputs; a clone is ours to dispose.
    return result.clone()
  })
  try {
    const values = (await scores.data()) as Float32Array
    checkFinite(name, 'scores', values, mask)
    return values
  } finally {
    scores.dispose()
  }
}

function checkScores(name: string, scores: unknown, { shape }: Tensor): void {
  const action = `Cannot score ${name}: expected the criterion to return`
  if (!(scores instanceof TensorClass)) {
    const got = scores instanceof Promise ? 'a promise' : scores === null ? 'null' : typeof scores
    throw new TypeError(`${action} a tensor, got ${got}`)
  }
  if (scores.shape.join() !== shape.join()) {
    throw new TypeError(`${action} shape [${shape.join(', ')}], got [${scores.shape.join(', ')}]`)
  }
  if (scores.dtype !== 'float32') throw new TypeError(`${action} float32, got ${scores.dtype}`)
}

function checkFinite(name: string, what: 'weights' | 'scores', values: ArrayLike<number>, mask?: Uint8Array): void {
  const index = firstNonFinite(values, mask)
  if (index < 0) return
  throw new RangeError(`Cannot score ${name}: expected finite ${what}, got ${values[index]} at index ${index}`)
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
