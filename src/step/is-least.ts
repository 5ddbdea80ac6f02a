import type { Granularity } from '../granularity/granularity.js'
import type { ResolvedModel } from '../select/resolve-model.js'
import { denseCandidate } from './candidate.js'

/** Whether a density leaves every weight at its least number of elements or groups. */
export function isLeast(
  { prunable }: ResolvedModel,
  { density, granularity }: { density: number; granularity: Granularity | undefined },
): boolean {
  return prunable.every((weight) => {
    const { request } = denseCandidate(weight, new Float32Array(weight.size), granularity)
    return Math.round(request.size * density) <= request.minimumKept
  })
}
