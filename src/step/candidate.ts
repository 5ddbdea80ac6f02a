import { aliveByGroup, scoresByGroup } from '../granularity/by-group.js'
import { checkCombination } from '../granularity/check-combination.js'
import { checkGrains } from '../granularity/check-grains.js'
import type { Grains, Granularity } from '../granularity/granularity.js'
import type { PrunableWeight } from '../select/select-weights.js'
import type { AllocationRequest } from '../types.js'

/** A weight whose elements compete, or whose groups of elements do. */
export interface Candidate {
  /** Counts elements, or groups where there are any. */
  readonly request: AllocationRequest
  /** Previous mask by element. */
  readonly mask: Uint8Array
  /** The groups; none without a granularity. */
  readonly grains: Grains | undefined
}

interface Scored {
  readonly scores: Float32Array
  readonly mask: Uint8Array
  readonly granularity: Granularity | undefined
}

/** A weight as a candidate, by its scores and its previous mask. */
export function candidateOf(
  weight: PrunableWeight,
  { scores, mask, granularity }: Scored,
): Candidate {
  if (!granularity) {
    const ofElements = { scores, mask, size: weight.size, perGroup: 1 }
    return { request: requestOf(weight, ofElements), mask, grains: undefined }
  }
  const { name, layer, role, className, shape } = weight
  const place = { name, layer, role, className, shape }
  const grains = granularity.grains(place)
  checkGrains(grains, place)
  const { combine = 'sum' } = granularity
  checkCombination(combine)
  const ofGroups = {
    scores: scoresByGroup(scores, grains, { mask, combine }),
    mask: aliveByGroup(mask, grains),
    size: grains.count,
    perGroup: weight.size / grains.count,
  }
  return { request: requestOf(weight, ofGroups), mask, grains }
}

/** A weight of which nothing is pruned yet as a candidate. */
export function denseCandidate(
  weight: PrunableWeight,
  scores: Float32Array,
  granularity: Granularity | undefined,
): Candidate {
  return candidateOf(weight, { scores, mask: new Uint8Array(weight.size).fill(1), granularity })
}

interface Counted {
  readonly scores: Float32Array
  readonly mask: Uint8Array
  /** Number of elements or groups. */
  readonly size: number
  /** Elements of a group on average. */
  readonly perGroup: number
}

/** Limits count elements; for groups they are rounded to whole ones. */
function requestOf(
  weight: PrunableWeight,
  { scores, mask, size, perGroup }: Counted,
): AllocationRequest {
  const { name, layer, role, className, shape } = weight
  let kept = 0
  for (let i = 0; i < mask.length; i++) kept += mask[i]!
  const minimumKept = Math.min(Math.ceil(weight.minimumKept / perGroup), kept)
  const most = Math.max(Math.floor(weight.maximumKept / perGroup), minimumKept)
  const maximumKept = Math.min(most, kept)
  return { name, layer, role, className, shape, size, kept, minimumKept, maximumKept, scores, mask }
}
