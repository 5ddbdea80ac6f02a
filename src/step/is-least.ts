import type { Granularity } from '../granularity/granularity.js'
import type { Mask } from '../masks/mask.js'
import type { ResolvedModel } from '../select/resolve-model.js'
import { candidatesOf } from './candidate.js'
import { hasRoom } from './check-room.js'
import { previousMasks } from './step-inputs.js'

interface Least {
  readonly density: number
  readonly granularity: Granularity | undefined
  readonly previous: Mask
}

/**
 * Whether a density leaves every weight at its least number of elements or groups; or, where ends
 * are spared, less than that in all.
 */
export async function isLeast(
  resolved: ResolvedModel,
  { density, granularity, previous }: Least,
): Promise<boolean> {
  const { prunable, spared } = resolved
  const isSpared = spared.length > 0
  const masks = previousMasks(prunable, isSpared ? previous : undefined)
  const competitors = prunable.map((weight) => {
    return { weight, mask: masks.get(weight.name)!, scores: new Float32Array(weight.size) }
  })
  const candidates = await candidatesOf(resolved, competitors, granularity)
  const requests = candidates.map(({ request }) => request)
  if (isSpared) return !hasRoom(requests, density)
  return requests.every(({ size, minimumKept }) => Math.round(size * density) <= minimumKept)
}
