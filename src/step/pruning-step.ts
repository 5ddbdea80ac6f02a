import type { LayersModel } from '@tensorflow/tfjs-layers'
import { perLayer } from '../allocate/per-layer.js'
import { checkScoring } from '../criteria/check-scoring.js'
import { magnitude } from '../criteria/magnitude.js'
import { checkFunction } from '../internal/check-function.js'
import { countParameters, modelWeights } from '../internal/model-weights.js'
import type { WeightValues } from '../internal/weight-values.js'
import { createMask, type Mask } from '../masks/mask.js'
import { type PrunableWeight, selectWeights } from '../select/select-weights.js'
import { withScoringWeights } from '../statistics/scoring-weights.js'
import type { Criterion, GatheredStatistics } from '../types.js'
import { checkDensity } from './check-density.js'
import { compensateWeight, type Scoring, scoreWeight } from './score-weight.js'
import { type Candidate, candidateOf, checkSteps, select } from './select-candidates.js'
import type { ComputeMaskOptions } from './step-options.js'

/** What a pruning step comes to. */
export interface PruningStep {
  readonly mask: Mask
  /** New values of weights, pruned places at 0, where the criterion makes up for what it prunes. */
  readonly updates: Readonly<WeightValues>
  /**
   * Names of weights that keep their least number of elements, or of groups, and would else have
   * lost more perhaps.
   */
  readonly atMinimum: readonly string[]
}

/**
 * Scores, shares out and selects, in as many steps as the criterion wants. The model is as before
 * afterwards.
 */
export async function pruningStep(
  model: LayersModel,
  options: ComputeMaskOptions,
): Promise<PruningStep> {
  const { density, criterion = magnitude(), previous } = options
  checkDensity(density)
  checkFunction(criterion, { task: 'score', name: 'criterion' })
  checkScoring(criterion)
  const { steps = 1 } = criterion
  checkSteps(model, { steps, select: options.select ?? {}, granularity: options.granularity })
  const start = previous?.density ?? 1
  let done: PruningStep | undefined
  for (let step = 1; step <= steps; step++) {
    const next = step === steps ? density : start * (density / start) ** (step / steps)
    options.signal?.throwIfAborted()
    const before = done?.mask ?? previous
    done = await singleStep(model, {
      ...options,
      criterion,
      density: next,
      ...(before && { previous: before }),
    })
  }
  return done!
}

type Step = ComputeMaskOptions & { readonly criterion: Criterion }

async function singleStep(model: LayersModel, options: Step): Promise<PruningStep> {
  const {
    density,
    criterion,
    allocate = perLayer(),
    granularity,
    previous,
    initial,
    round = 1,
  } = options
  const { weights } = selectWeights(model, options.select)
  checkPrevious(weights, previous)
  const masks = new Map(weights.map((weight) => [weight.name, previousValues(weight, previous)]))
  const before = new Map(weights.map((weight) => [weight.name, initialValues(weight, initial)]))
  const variables = new Map(modelWeights(model).map((weight) => [weight.name, weight]))
  const gathered = await gather(model, { ...options, weights, masks })
  try {
    const scorings = weights.map(({ name }): Scoring => {
      return {
        weight: variables.get(name)!,
        mask: masks.get(name)!,
        before: before.get(name),
        round,
        gathered,
      }
    })
    const candidates: Candidate[] = []
    for (const [i, weight] of weights.entries()) {
      const scores = await scoreWeight(criterion, scorings[i]!)
      candidates.push(candidateOf(weight, { scores, mask: scorings[i]!.mask, granularity }))
    }
    const { values, atMinimum } = select(candidates, { allocate, density })
    const kept = weights.map(({ name, layer, role, shape }, i) => ({
      name,
      layer,
      role,
      shape,
      values: values[i]!,
    }))
    const updates: WeightValues = {}
    for (const [i, { name, values }] of criterion.compensate ? kept.entries() : []) {
      updates[name] = await compensateWeight(criterion, scorings[i]!, values)
    }
    return { mask: createMask(kept, countParameters(model)), updates, atMinimum }
  } finally {
    gathered.dispose()
  }
}

interface ToGather extends Step {
  readonly weights: readonly PrunableWeight[]
  readonly masks: ReadonlyMap<string, Uint8Array>
}

const NOTHING: GatheredStatistics = { of: () => ({}), dispose: () => {} }

async function gather(model: LayersModel, options: ToGather): Promise<GatheredStatistics> {
  const { weights, masks, initial, samples, movement, onProgress, signal } = options
  const { needs = [], gather: own, at = 'trained' } = options.criterion
  if (needs.length === 0 || !own) return NOTHING
  const names = weights.map(({ name }) => name)
  const work = () => own(model, { needs, weights: names, samples, movement, onProgress, signal })
  return withScoringWeights(model, { at, initial, masks }, work)
}

function previousValues(
  { name, shape, size }: PrunableWeight,
  previous: Mask | undefined,
): Uint8Array {
  if (!previous) return new Uint8Array(size).fill(1)
  const masked = previous.weights.find((weight) => weight.name === name)
  if (!masked)
    throw new RangeError(
      `Cannot prune ${name}: expected the previous mask to hold it, got a mask without it`,
    )
  if (masked.shape.join() !== shape.join()) {
    const got = `[${masked.shape.join(', ')}]`
    throw new TypeError(
      `Cannot prune ${name}: expected a previous mask of shape [${shape.join(', ')}], got ${got}`,
    )
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
    throw new TypeError(
      `Cannot score ${name}: expected ${size} initial values, got ${values.length}`,
    )
  }
  return values
}
