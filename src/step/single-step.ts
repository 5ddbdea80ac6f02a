import { perLayer } from '../allocate/per-layer.js'
import { progressOf } from '../internal/at-once.js'
import { giveTurn } from '../internal/event-loop.js'
import { watchWeights } from '../internal/watch-weights.js'
import type { WeightValues } from '../internal/weight-values.js'
import { countMask, type Mask } from '../masks/mask.js'
import type { ResolvedWeights } from '../select/resolve-model.js'
import { withScoringWeights } from '../statistics/scoring-weights.js'
import type { Criterion, GatheredStatistics } from '../types.js'
import { candidatesOf } from './candidate.js'
import { compensateWeight, type Scoring, scoreWeight } from './score-weight.js'
import { shareOut } from './share-out.js'
import { initialValues, previousMasks } from './step-inputs.js'
import { type ComputeMaskOptions, task } from './step-options.js'

/** The outcome of a pruning step. */
export interface PruningStep {
  readonly mask: Mask
  /**
   * New values of weights, pruned places at 0, if the criterion makes up for the pruned elements.
   */
  readonly updates: Readonly<WeightValues>
  /** Names of weights that keep their least number of elements, or of groups. */
  readonly atMinimum: readonly string[]
}

type Step = Omit<ComputeMaskOptions, 'select' | 'spareEnds'> & { readonly criterion: Criterion }

/** Scores, shares the density out and keeps the highest once. */
export async function singleStep(resolved: ResolvedWeights, options: Step): Promise<PruningStep> {
  const { density, criterion, allocate = perLayer(), granularity, round = 1 } = options
  const { prunable, parameters, spared } = resolved
  const masks = previousMasks(prunable, options.previous)
  const before = prunable.map((weight) => initialValues(weight, options.initial))
  const gathered = await gather(resolved, { ...options, masks })
  try {
    const checkSame = gathered === NOTHING ? () => {} : watchWeights(resolved.model!, task)
    const scorings = prunable.map((weight, i): Scoring => {
      return { weight, mask: masks.get(weight.name)!, before: before[i], round, gathered }
    })
    const competitors = []
    for (const scoring of scorings) {
      const { weight, mask } = scoring
      competitors.push({ weight, mask, scores: await scoreWeight(criterion, scoring) })
      await giveTurn()
    }
    const candidates = await candidatesOf(resolved, competitors, granularity)
    const { masks: byName, atMinimum } = await shareOut(candidates, {
      allocate,
      density,
      spared,
    })
    const values = prunable.map(({ name }) => byName.get(name)!)
    const kept = prunable.map(({ name, layer, role, shape }, i) => {
      return { name, layer, role, shape, values: values[i]! }
    })
    const updates = criterion.compensate ? await compensate(criterion, scorings, values) : {}
    checkSame()
    return { mask: countMask(kept, parameters), updates, atMinimum }
  } finally {
    gathered.dispose()
  }
}

interface ToGather extends Step {
  readonly masks: ReadonlyMap<string, Uint8Array>
}

const NOTHING: GatheredStatistics = { of: () => ({}), dispose: () => {} }

/** The statistics that the criterion needs, gathered with the weights that it wants. */
async function gather(resolved: ResolvedWeights, options: ToGather): Promise<GatheredStatistics> {
  const { masks, initial, samples, movement, signal } = options
  const onProgress = progressOf(options, task)
  const { needs = [], gather: own, at = 'trained' } = options.criterion
  const { model, weights, prunable } = resolved
  if (needs.length === 0 || !own || !model || !weights) return NOTHING
  const names = prunable.map(({ name }) => name)
  const work = () => own(model, { needs, weights: names, samples, movement, onProgress, signal })
  return withScoringWeights(weights, { at, initial, masks }, work)
}

/** New values of each weight, which make up for the elements that its new mask prunes. */
async function compensate(
  criterion: Criterion,
  scorings: readonly Scoring[],
  masks: readonly Uint8Array[],
): Promise<WeightValues> {
  const updates: WeightValues = {}
  for (const [i, scoring] of scorings.entries()) {
    updates[scoring.weight.name] = await compensateWeight(criterion, scoring, masks[i]!)
    await giveTurn()
  }
  return updates
}
