import type { LayersModel } from '@tensorflow/tfjs-layers'
import { perLayer } from './allocate/per-layer.js'
import type { ComputeMaskOptions } from './compute-mask.js'
import { magnitude } from './criteria/magnitude.js'
import { checkDensity } from './internal/check-density.js'
import { countParameters, modelWeights } from './internal/model-weights.js'
import type { WeightValues } from './internal/weight-values.js'
import { createMask, type Mask } from './masks/mask.js'
import { selectHighest } from './masks/select-highest.js'
import { type Gathered, gatherStatistics } from './scoring/gather-statistics.js'
import { checkScoring, needsOf } from './scoring/needs.js'
import { compensateWeight, type Scoring, scoreWeight } from './scoring/score-weight.js'
import { withScoringWeights } from './scoring/scoring-weights.js'
import { type PrunableWeight, type SelectionOptions, selectWeights } from './select/select-weights.js'
import type { AllocationRequest, Allocator, Criterion } from './types.js'

/** What a pruning step comes to. */
export interface PruningStep {
  readonly mask: Mask
  /** New values of weights, pruned places at 0, where the criterion makes up for what it prunes. */
  readonly updates: Readonly<WeightValues>
}

/** Scores, shares out and selects, in as many steps as the criterion wants. The model is as before afterwards. */
export async function pruningStep(model: LayersModel, options: ComputeMaskOptions): Promise<PruningStep> {
  const { density, criterion = magnitude(), previous } = options
  checkDensity(density)
  checkScoring(criterion)
  const { steps = 1 } = criterion
  const start = previous?.density ?? 1
  let done: PruningStep | undefined
  for (let step = 1; step <= steps; step++) {
    const next = step === steps ? density : start * (density / start) ** (step / steps)
    const before = done?.mask ?? previous
    done = await singleStep(model, { ...options, criterion, density: next, ...(before && { previous: before }) })
  }
  return done!
}

type Step = ComputeMaskOptions & { readonly criterion: Criterion }

async function singleStep(model: LayersModel, options: Step): Promise<PruningStep> {
  const { density, criterion, allocate = perLayer(), select = {}, previous, initial, round = 1 } = options
  const { weights } = selectWeights(model, select)
  checkPrevious(weights, previous)
  const masks = new Map(weights.map((weight) => [weight.name, previousValues(weight, previous)]))
  const before = new Map(weights.map((weight) => [weight.name, initialValues(weight, initial)]))
  const variables = new Map(modelWeights(model).map((weight) => [weight.name, weight]))
  const gathered = await gather(model, { ...options, weights, masks })
  try {
    const scorings = weights.map(({ name }): Scoring => {
      return { weight: variables.get(name)!, mask: masks.get(name)!, before: before.get(name), round, gathered }
    })
    const requests: AllocationRequest[] = []
    for (const [i, weight] of weights.entries()) {
      requests.push(request(weight, scorings[i]!.mask, await scoreWeight(criterion, scorings[i]!)))
    }
    const counts = allocate(requests, density)
    checkCounts(requests, counts)
    const kept = weights.map(({ name, layer, role, shape }, i) => {
      const { scores, mask } = requests[i]!
      return { name, layer, role, shape, values: selectHighest(scores, counts[i]!, mask) }
    })
    const updates: WeightValues = {}
    for (const [i, { name, values }] of criterion.compensate ? kept.entries() : []) {
      updates[name] = await compensateWeight(criterion, scorings[i]!, values)
    }
    return { mask: createMask(kept, countParameters(model)), updates }
  } finally {
    gathered.dispose()
  }
}

interface ToGather extends Step {
  readonly weights: readonly PrunableWeight[]
  readonly masks: ReadonlyMap<string, Uint8Array>
}

function gather(model: LayersModel, { weights, ...options }: ToGather): Promise<Gathered> {
  const { criterion, masks, initial } = options
  const needs = needsOf(criterion)
  const names = new Set(weights.map(({ name }) => name))
  const own = modelWeights(model).filter(({ name }) => names.has(name))
  const work = () => gatherStatistics(model, { ...options, needs, weights: own })
  if (needs.length === 0) return work()
  return withScoringWeights(model, { at: criterion.at ?? 'trained', initial, masks }, work)
}

function request(weight: PrunableWeight, mask: Uint8Array, scores: Float32Array): AllocationRequest {
  const { name, layer, shape, size } = weight
  const kept = mask.reduce((sum, value) => sum + value, 0)
  const minimumKept = Math.min(weight.minimumKept, kept)
  const maximumKept = Math.min(weight.maximumKept, kept)
  return { name, layer, shape, size, kept, minimumKept, maximumKept, scores, mask }
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
