import type { Granularity } from '../granularity/granularity.js'
import type { ResolvedModel } from '../select/resolve-model.js'
import { candidatesOf } from './candidate.js'

/** Whether a density leaves every weight at its least number of elements or groups. */
export async function isLeast(
  resolved: ResolvedModel,
  { density, granularity }: { density: number; granularity: Granularity | undefined },
): Promise<boolean> {
  const competitors = resolved.prunable.map((weight) => {
    return { weight, scores: new Float32Array(weight.size) }
  })
  const candidates = await candidatesOf(resolved, competitors, granularity)
  return candidates.every(
    ({ request: { size, minimumKept } }) => Math.round(size * density) <= minimumKept,
  )
}
