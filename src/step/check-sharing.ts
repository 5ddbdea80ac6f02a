import type { Granularity } from '../granularity/granularity.js'
import { firstNonFinite } from '../internal/weight-values.js'
import type { ResolvedModel, ResolvedWeight } from '../select/resolve-model.js'
import type { Allocator, Criterion } from '../types.js'
import { candidatesOf } from './candidate.js'
import { cellOf, checkCellDensities } from './cells.js'
import { allocated } from './share-out.js'
import { canTry, trialScores } from './try-criterion.js'

interface Sharing {
  readonly criterion: Criterion
  readonly densities: readonly number[]
  readonly granularity: Granularity | undefined
}

/**
 * Throws unless an allocator shares the densities out over the dense weights of a model, in the
 * groups that it has. The scores are those of a trial, or magnitudes where a trial gives no finite
 * ones.
 */
export async function checkSharing(
  allocate: Allocator,
  resolved: ResolvedModel,
  { criterion, densities, granularity }: Sharing,
): Promise<void> {
  const { prunable } = resolved
  const competitors = []
  for (const weight of prunable) {
    // Examples of statistics fit the first weight; others may be of layers that have none.
    const hasExamples = canTry(criterion) && (!criterion.needs?.length || weight === prunable[0])
    const scores = await plausibleScores(hasExamples ? criterion : undefined, weight)
    competitors.push({ weight, scores })
  }
  const candidates = await candidatesOf(resolved, competitors, granularity)
  const cell = cellOf(candidates)
  if (cell !== undefined) return checkCellDensities(cell, densities)
  const requests = candidates.map(({ request }) => request)
  const [density] = densities
  if (density !== undefined) allocated(requests, { allocate, density })
}

async function plausibleScores(
  criterion: Criterion | undefined,
  weight: ResolvedWeight,
): Promise<Float32Array> {
  const trial = criterion && (await trialScores(criterion, weight))
  if (trial && firstNonFinite(trial) < 0) return trial
  return Float32Array.from(await weight.variable.data(), Math.abs)
}
