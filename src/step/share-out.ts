import { exactCounts } from '../allocate/exact-counts.js'
import { maskByGroup } from '../granularity/by-group.js'
import { askPiece } from '../internal/check-piece.js'
import { giveTurn } from '../internal/event-loop.js'
import { takeSelection } from '../masks/found-selections.js'
import { selectHighest } from '../masks/select-highest.js'
import type { AllocationRequest, Allocator } from '../types.js'
import type { Candidate } from './candidate.js'
import { cellOf, keepCells } from './cells.js'
import { checkRoom } from './check-room.js'
import { refuseTies } from './check-ties.js'
import { stepPieces } from './step-options.js'

interface Sharing {
  readonly allocate: Allocator
  readonly density: number
  /** Names of the kernels that stay whole as ends of the model. */
  readonly spared: readonly string[]
}

interface Shares {
  /** The new masks by the names of their weights. */
  readonly masks: ReadonlyMap<string, Uint8Array>
  /** Names of the weights that keep as few as they may and could keep fewer no more. */
  readonly atMinimum: readonly string[]
}

/** Shares a density out among candidates and keeps the highest of each. */
export async function shareOut(
  candidates: readonly Candidate[],
  sharing: Sharing,
): Promise<Shares> {
  const cell = cellOf(candidates, sharing)
  const requests = candidates.map(({ request }) => request)
  if (cell !== undefined) {
    const ofCells = candidates.map((one) => keepCells(one, sharing.density))
    ofCells.forEach((kept, i) => {
      const { request, mask } = candidates[i]!
      if (kept.some((value, at) => value !== mask[at])) refuseTies(request)
    })
    return { masks: masksOf(candidates, ofCells), atMinimum: [] }
  }
  const counts = allocated(requests, sharing)
  const values = []
  for (const [i, { request, mask, grains }] of candidates.entries()) {
    const count = counts[i]!
    // The one that is left of a weight that goes as a whole may be any.
    if (count > 1 && count < request.kept) refuseTies(request)
    const kept = takeSelection(request, count) ?? selectHighest(request, count)
    values.push(grains ? maskByGroup(kept, grains, mask) : kept)
    await giveTurn()
  }
  const atMinimum = candidates
    .filter(({ request }, i) => counts[i] === request.minimumKept && request.kept > counts[i]!)
    .flatMap(({ weights }) => weights.map(({ name }) => name))
  return { masks: masksOf(candidates, values), atMinimum }
}

/** The mask of each weight, of those of candidates weight after weight. */
function masksOf(
  candidates: readonly Candidate[],
  values: readonly Uint8Array[],
): Map<string, Uint8Array> {
  const masks = new Map<string, Uint8Array>()
  for (const [i, { weights }] of candidates.entries()) {
    let at = 0
    for (const { name, size } of weights) {
      const end = at + size
      masks.set(name, weights.length > 1 ? values[i]!.slice(at, end) : values[i]!)
      at = end
    }
  }
  return masks
}

/**
 * The counts that an allocator gives; where ends are spared, with the sum that the density means.
 * Throws unless they are within the bounds of the weights.
 */
export function allocated(
  requests: readonly AllocationRequest[],
  { allocate, density, spared }: Sharing,
): readonly number[] {
  const ask = (at: number) => countsOf(requests, allocate, at)
  if (spared.length === 0) return ask(density)
  checkRoom(requests, { density, spared })
  return exactCounts(requests, density, ask)
}

function countsOf(
  requests: readonly AllocationRequest[],
  allocate: Allocator,
  density: number,
): readonly number[] {
  const counts = askPiece(allocate, [requests, density], stepPieces.allocate)
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
  return counts
}
