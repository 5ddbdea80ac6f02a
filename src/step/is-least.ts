import { perLayer } from '../allocate/per-layer.js'
import type { Granularity } from '../granularity/granularity.js'
import type { Mask } from '../masks/mask.js'
import type { ResolvedModel } from '../select/resolve-model.js'
import type { Allocator } from '../types.js'
import { candidatesOf } from './candidate.js'
import { hasRoom, isBelowLimits, isLimited } from './check-room.js'
import { previousMasks } from './step-inputs.js'

interface Least {
  readonly density: number
  readonly allocate: Allocator | undefined
  readonly granularity: Granularity | undefined
  readonly previous: Mask
}

/**
 * Whether a density leaves every weight at its least number of elements or groups; or, where ends
 * are spared or limits given, less than that in all.
 */
export async function isLeast(
  resolved: ResolvedModel,
  { density, allocate = perLayer(), granularity, previous }: Least,
): Promise<boolean> {
  const { prunable, spared } = resolved
  const isSpared = spared.length > 0
  const masks = previousMasks(prunable, isSpared ? previous : undefined)
  const competitors = prunable.map((weight) => {
    return { weight, mask: masks.get(weight.name)!, scores: new Float32Array(weight.size).fill(1) }
  })
  const candidates = await candidatesOf(resolved, competitors, granularity)
  const requests = candidates.map(({ request }) => request)
  if (isSpared) return !hasRoom(requests, density)
  if (isLimited(requests))
    return isBelowLimits(requests, { density, counts: allocate(requests, density) })
  return requests.every(({ size, minimumKept }) => Math.round(size * density) <= minimumKept)
}
