import { perLayer } from '../allocate/per-layer.js'
import { maskByGroup } from '../granularity/by-group.js'
import type { Granularity } from '../granularity/granularity.js'
import { highestInCells, keptInCell } from '../granularity/highest-in-cells.js'
import type { PrunableVariable, ResolvedWeights } from '../select/resolve-model.js'
import type { Allocator } from '../types.js'
import type { Candidate } from './candidate.js'

interface Sharing {
  readonly allocate: Allocator
  /** Names of the kernels that stay whole as ends of the model. */
  readonly spared: readonly string[]
}

/**
 * Number of groups in a cell, where there are cells: the same for all weights, which keep one
 * share, so that none of them can be spared or have limits, and nothing else shares out.
 */
export function cellOf(
  candidates: readonly Candidate[],
  { allocate, spared }: Sharing,
): number | undefined {
  const [cell, ...others] = new Set(candidates.map(({ grains }) => grains?.cell))
  if (cell !== undefined && spared.length > 0) {
    const wanted = 'no cells, which all keep one share'
    throw new RangeError(`Cannot spare the ends: expected ${wanted}, got cells of ${cell}`)
  }
  const limited = candidates.flatMap(({ weights }) => weights).find(hasLimits)
  if (cell !== undefined && (limited || allocate !== perLayer())) {
    const wanted = 'perLayer() and no limits, since all cells keep one share'
    const got = limited ? `limits of ${limited.name}` : 'another allocator'
    throw new RangeError(`Cannot keep in cells: expected ${wanted}, got ${got}`)
  }
  if (others.length === 0) return cell
  const got = [cell, ...others].map((size) => size ?? 'none').join(' and ')
  throw new RangeError(
    `Cannot keep in cells: expected cells of one size for all weights, got ${got}`,
  )
}

function hasLimits({ minimumKept, maximumKept, size }: PrunableVariable): boolean {
  return minimumKept > 1 || maximumKept < size
}

/** Keeps the highest of each cell: the new mask by element. */
export function keepCells({ request, mask, grains }: Candidate, density: number): Uint8Array {
  const { scores, mask: ofGroups } = request
  const kept = highestInCells(scores, { mask: ofGroups, cell: grains!.cell!, density })
  return maskByGroup(kept, grains!, mask)
}

/** Throws unless the densities are those of cells. */
export function checkCellDensities(cell: number, densities: readonly number[]): void {
  for (const density of densities) keptInCell(cell, density)
}

/** Throws for a criterion that goes in steps of density where cells allow few densities. */
export function checkSteps(
  { prunable }: ResolvedWeights,
  { steps, granularity }: { steps: number; granularity: Granularity | undefined },
): void {
  if (steps === 1 || !granularity || granularity.grains(prunable[0]!).cell === undefined) return
  const wanted = `a criterion of one step for ${granularity.name}, whose cells allow few densities`
  throw new RangeError(`Cannot keep in cells: expected ${wanted}, got one of ${steps} steps`)
}
