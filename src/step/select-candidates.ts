import type { LayersModel } from '@tensorflow/tfjs-layers'
import { checkGrains } from '../granularity/check-grains.js'
import { expandGrains } from '../granularity/expand-grains.js'
import { grainMask } from '../granularity/grain-mask.js'
import { grainScores } from '../granularity/grain-scores.js'
import type { Grains, Granularity } from '../granularity/granularity.js'
import { keepInCells } from '../granularity/keep-in-cells.js'
import { modelWeights } from '../internal/model-weights.js'
import { firstNonFinite } from '../internal/weight-values.js'
import { keepHighest } from '../masks/keep-highest.js'
import {
  type PrunableWeight,
  type SelectionOptions,
  selectWeights,
} from '../select/select-weights.js'
import type { AllocationRequest, Allocator, Criterion } from '../types.js'
import { trialScores } from './score-weight.js'

/** A weight whose elements, or groups of them, compete. */
export interface Candidate {
  /** Counts elements, or groups where there are any. */
  readonly request: AllocationRequest
  /** Previous mask by element. */
  readonly mask: Uint8Array
  readonly grains: Grains | undefined
  readonly granularity: Granularity | undefined
}

interface Scored {
  readonly scores: Float32Array
  readonly mask: Uint8Array
  readonly granularity: Granularity | undefined
}

/**
 * What a weight asks the allocator. Limits count elements; for groups they are rounded to whole
 * ones.
 */
export function candidateOf(
  weight: PrunableWeight,
  { scores, mask, granularity }: Scored,
): Candidate {
  const { name, layer, role, className, shape, size } = weight
  if (!granularity)
    return {
      request: request(weight, { scores, mask, size, perGroup: 1 }),
      mask,
      grains: undefined,
      granularity,
    }
  const grains = granularity.grains({ name, layer, role, className, shape })
  checkGrains(grains, { name, layer, role, className, shape })
  const combine = granularity.combine
  const ofGroups = {
    scores: grainScores(scores, grains, { mask, ...(combine && { combine }) }),
    mask: grainMask(mask, grains),
    size: grains.count,
    perGroup: size / grains.count,
  }
  return { request: request(weight, ofGroups), mask, grains, granularity }
}

interface Counted {
  readonly scores: Float32Array
  readonly mask: Uint8Array
  readonly size: number
  /** Elements of a group on average. */
  readonly perGroup: number
}

function request(
  weight: PrunableWeight,
  { scores, mask, size, perGroup }: Counted,
): AllocationRequest {
  const { name, layer, role, className, shape } = weight
  let kept = 0
  for (let i = 0; i < mask.length; i++) kept += mask[i]!
  const minimumKept = Math.min(Math.ceil(weight.minimumKept / perGroup), kept)
  const maximumKept = Math.min(
    Math.max(Math.floor(weight.maximumKept / perGroup), minimumKept),
    kept,
  )
  return { name, layer, role, className, shape, size, kept, minimumKept, maximumKept, scores, mask }
}

/**
 * Shares the density out and keeps the highest: the new masks by element, and the weights at their
 * minimum.
 */
export function select(
  candidates: readonly Candidate[],
  { allocate, density }: { allocate: Allocator; density: number },
): { values: Uint8Array[]; atMinimum: string[] } {
  const cell = cellOf(candidates)
  if (cell !== undefined)
    return { values: candidates.map((one) => keepCells(one, density)), atMinimum: [] }
  const requests = candidates.map(({ request: own }) => own)
  const counts = allocate(requests, density)
  checkCounts(requests, counts)
  const values = candidates.map(({ request: { scores, mask: ofGroups }, mask, grains }, i) => {
    const kept = keepHighest(scores, counts[i]!, ofGroups)
    return grains ? expandGrains(kept, grains, mask) : kept
  })
  const atMinimum = requests.filter(
    ({ minimumKept, kept }, i) => counts[i] === minimumKept && kept > minimumKept,
  )
  return { values, atMinimum: atMinimum.map(({ name }) => name) }
}

/** Size of the cells, where there are any: the same for all weights. */
function cellOf(candidates: readonly Candidate[]): number | undefined {
  const [cell, ...others] = new Set(candidates.map(({ grains }) => grains?.cell))
  if (others.length === 0) return cell
  const got = [cell, ...others].map((size) => size ?? 'none').join(' and ')
  throw new RangeError(
    `Cannot keep in cells: expected cells of one size for all weights, got ${got}`,
  )
}

function keepCells({ request: own, mask, grains }: Candidate, density: number): Uint8Array {
  const kept = keepInCells(own.scores, {
    mask: own.mask,
    cell: grains!.cell!,
    density,
  })
  return expandGrains(kept, grains!, mask)
}

/** Throws for a criterion that goes in steps of density where cells allow few densities. */
export function checkSteps(
  model: LayersModel,
  options: { steps: number; select: SelectionOptions; granularity: Granularity | undefined },
): void {
  const { steps, select: selection, granularity } = options
  const [first] = steps > 1 && granularity ? selectWeights(model, selection).weights : []
  if (!first || granularity!.grains(first).cell === undefined) return
  const wanted = `a criterion of one step for ${granularity!.name}, whose cells allow few densities`
  throw new RangeError(`Cannot keep in cells: expected ${wanted}, got one of ${steps} steps`)
}

function denseCandidate(
  weight: PrunableWeight,
  scores: Float32Array,
  granularity: Granularity | undefined,
): Candidate {
  return candidateOf(weight, { scores, mask: new Uint8Array(weight.size).fill(1), granularity })
}

interface DenseWeights {
  readonly model: LayersModel
  readonly select: SelectionOptions
  readonly granularity: Granularity | undefined
}

interface Sharing extends DenseWeights {
  readonly criterion: Criterion
  readonly densities: readonly number[]
}

/**
 * Throws unless an allocator shares the densities out over the dense weights of a model, in the
 * groups that it has, with scores that the criterion may give after training: those of a trial, or
 * magnitudes where there is no finite one.
 */
export async function checkSharing(allocate: Allocator, options: Sharing): Promise<void> {
  const { model, criterion, densities, select: selection, granularity } = options
  const { weights } = selectWeights(model, selection)
  const all = modelWeights(model)
  const candidates: Candidate[] = []
  for (const weight of weights) {
    const own = all.find(({ name }) => name === weight.name)!
    // Examples of statistics fit the first weight; others may be of layers that have none.
    const trial =
      criterion.needs?.length && weight !== weights[0]
        ? undefined
        : await trialScores(criterion, own)
    const scores =
      trial && firstNonFinite(trial) < 0
        ? trial
        : Float32Array.from(await own.variable.data(), Math.abs)
    candidates.push(denseCandidate(weight, scores, granularity))
  }
  const cell = cellOf(candidates)
  if (cell !== undefined) {
    // One empty cell tells whether the densities are those of cells.
    const mask = new Uint8Array(cell)
    for (const density of densities) keepInCells(new Float32Array(cell), { mask, cell, density })
    return
  }
  const requests = candidates.map(({ request: own }) => own)
  if (densities.length > 0) checkCounts(requests, allocate(requests, densities[0]!))
}

/** Whether a density leaves every weight at its least number of elements or groups. */
export function isLeast(options: DenseWeights & { density: number }): boolean {
  const { model, density, select: selection, granularity } = options
  return selectWeights(model, selection).weights.every((weight) => {
    const { request: own } = denseCandidate(weight, new Float32Array(weight.size), granularity)
    return Math.round(own.size * density) <= own.minimumKept
  })
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
