import { aliveByGroup, scoresByGroup } from '../granularity/by-group.js'
import { checkCombination } from '../granularity/check-combination.js'
import { checkGrains } from '../granularity/check-grains.js'
import type { Grains, Granularity } from '../granularity/granularity.js'
import { giveTurn } from '../internal/event-loop.js'
import { countOnes } from '../masks/count-ones.js'
import type { PrunableVariable, ResolvedWeights } from '../select/resolve-model.js'
import type { AllocationRequest } from '../types.js'

/** Weights whose elements compete, or whose groups of elements do. */
export interface Candidate {
  /** Counts elements, or groups where there are any. */
  readonly request: AllocationRequest
  /** One weight, or several of which each group is a part of all. */
  readonly weights: readonly PrunableVariable[]
  /** Previous mask by element, weight after weight. */
  readonly mask: Uint8Array
  /** The groups of all elements; none without a granularity. */
  readonly grains: Grains | undefined
}

/** A weight that competes. */
export interface Competitor {
  readonly weight: PrunableVariable
  readonly scores: Float32Array
  /** Previous mask; none for a weight of which nothing is pruned yet. */
  readonly mask?: Uint8Array
}

/**
 * Weights as candidates, by their scores and their previous masks: one by one, or together where
 * the granularity says so.
 */
export async function candidatesOf(
  { model }: ResolvedWeights,
  competitors: readonly Competitor[],
  granularity: Granularity | undefined,
): Promise<Candidate[]> {
  const joint = (model && granularity?.joint?.(model)) ?? []
  const together = new Map<unknown, Competitor[]>()
  for (const competitor of competitors) {
    const { name } = competitor.weight
    const key = joint.find((names) => names.includes(name)) ?? name
    together.set(key, [...(together.get(key) ?? []), competitor])
  }
  const candidates = []
  for (const parts of together.values()) {
    candidates.push(candidateOf(parts, granularity))
    await giveTurn()
  }
  return candidates
}

function candidateOf(
  parts: readonly Competitor[],
  granularity: Granularity | undefined,
): Candidate {
  const weights = parts.map(({ weight }) => weight)
  const mask = joined(
    parts.map(({ weight, mask: own }) => own ?? new Uint8Array(weight.size).fill(1)),
  )
  const scores = joined(parts.map((part) => part.scores))
  if (!granularity)
    return { request: requestOf(weights, scores, mask), weights, mask, grains: undefined }
  const grains = grainsOf(weights, granularity)
  const { combine = 'sum' } = granularity
  checkCombination(combine)
  const ofGroups = scoresByGroup(scores, grains, { mask, combine })
  const request = requestOf(weights, ofGroups, aliveByGroup(mask, grains))
  return { request, weights, mask, grains }
}

/** The groups of weights, weight after weight. Throws where one has other groups than the first. */
function grainsOf(weights: readonly PrunableVariable[], granularity: Granularity): Grains {
  const all = weights.map(({ name, layer, role, className, shape }) => {
    const place = { name, layer, role, className, shape }
    const grains = granularity.grains(place)
    checkGrains(grains, place)
    return grains
  })
  const [{ count, cell }] = all as [Grains]
  const odd = all.findIndex((own) => own.count !== count || own.cell !== cell)
  if (odd > 0) {
    const wanted = `the ${count} groups of ${weights[0]!.name}`
    const got = `${all[odd]!.count}`
    throw new RangeError(`Cannot group ${weights[odd]!.name}: expected ${wanted}, got ${got}`)
  }
  return { ...all[0]!, of: joined(all.map(({ of }) => of)) }
}

/** Arrays end to end; one alone as it is. */
function joined<T extends Uint8Array | Float32Array | Int32Array>(parts: readonly T[]): T {
  const [first] = parts as [T]
  if (parts.length === 1) return first
  const all = new (first.constructor as new (length: number) => T)(
    parts.reduce((sum, { length }) => sum + length, 0),
  )
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/** Limits count elements; for groups they are rounded to whole ones, the strictest of all. */
function requestOf(
  weights: readonly PrunableVariable[],
  scores: Float32Array,
  mask: Uint8Array,
): AllocationRequest {
  const { name, layer, role, className, shape } = weights[0]!
  const size = mask.length
  const kept = countOnes(mask)
  const least = weights.map((one) => Math.ceil((one.minimumKept * size) / one.size))
  const most = weights.map((one) => Math.floor((one.maximumKept * size) / one.size))
  const minimumKept = Math.min(Math.max(...least), kept)
  const maximumKept = Math.min(Math.max(Math.min(...most), minimumKept), kept)
  return { name, layer, role, className, shape, size, kept, minimumKept, maximumKept, scores, mask }
}
