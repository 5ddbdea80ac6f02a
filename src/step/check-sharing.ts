import type { Granularity } from '../granularity/granularity.js'
import { firstNonFinite } from '../internal/weight-values.js'
import type { Mask } from '../masks/mask.js'
import type { ResolvedModel, ResolvedWeight } from '../select/resolve-model.js'
import type { Allocator, Criterion } from '../types.js'
import { candidatesOf } from './candidate.js'
import { cellOf, checkCellDensities } from './cells.js'
import { isBelowLimits, isLimited, noRoom } from './check-room.js'
import { allocated } from './share-out.js'
import { previousMasks } from './step-inputs.js'
import { canTry, trialScores } from './try-criterion.js'

interface Sharing {
  readonly criterion: Criterion
  readonly densities: readonly number[]
  readonly granularity: Granularity | undefined
  /** Mask that the run begins with. @default the dense mask */
  readonly previous?: Mask | undefined
}

/**
 * Throws unless an allocator shares the densities out over the dense weights of a model, in the
 * groups that it has, and limits leave room for the lowest. The scores are those of a trial, or
 * magnitudes where a trial gives no finite ones.
 */
export async function checkSharing(
  allocate: Allocator,
  resolved: ResolvedModel,
  { criterion, densities, granularity, previous }: Sharing,
): Promise<void> {
  const { prunable, spared } = resolved
  const isSpared = spared.length > 0
  const masks = previousMasks(prunable, isSpared ? previous : undefined)
  const competitors = []
  for (const weight of prunable) {
    // Examples of statistics fit the first weight; others may be of layers that have none.
    const hasExamples = canTry(criterion) && (!criterion.needs?.length || weight === prunable[0])
    const scores = await plausibleScores(hasExamples ? criterion : undefined, weight)
    competitors.push({ weight, scores, mask: masks.get(weight.name)! })
  }
  const candidates = await candidatesOf(resolved, competitors, granularity)
  const cell = cellOf(candidates, { allocate, spared })
  if (cell !== undefined) return checkCellDensities(cell, densities)
  const requests = candidates.map(({ request }) => request)
  // Ends and limits have to fit into the lowest of them.
  const density =
    (isSpared || isLimited(requests)) && densities.length > 0
      ? Math.min(...densities)
      : densities[0]
  if (density === undefined) return
  const counts = allocated(requests, { allocate, density, spared })
  if (isBelowLimits(requests, { density, counts })) throw noRoom(requests, { density, spared })
}

async function plausibleScores(
  criterion: Criterion | undefined,
  weight: ResolvedWeight,
): Promise<Float32Array> {
  const trial = criterion && (await trialScores(criterion, weight))
  if (trial && firstNonFinite(trial) < 0) return trial
  return Float32Array.from(await weight.variable.data(), Math.abs)
}
