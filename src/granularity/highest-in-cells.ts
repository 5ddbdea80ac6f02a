const SLACK = 1e-9

interface Selecting {
  readonly mask: Uint8Array
  readonly cell: number
  readonly density: number
}

/** The highest of each cell, see `keepInCells`; as many mask values as scores, in whole cells. */
export function highestInCells(
  scores: Float32Array,
  { mask, cell, density }: Selecting,
): Uint8Array {
  const count = keptInCell(cell, density)
  const wrong = scores.findIndex((score, i) => mask[i] === 1 && !Number.isFinite(score))
  if (wrong >= 0) {
    throw new RangeError(
      `Cannot keep in cells: expected finite scores, got ${scores[wrong]} at index ${wrong}`,
    )
  }
  const kept = new Uint8Array(scores.length)
  for (let begin = 0; begin < scores.length; begin += cell)
    for (let taken = 0; taken < count; taken++) keepBest(kept, { scores, mask, begin, cell })
  return kept
}

interface Cell {
  readonly scores: Float32Array
  readonly mask: Uint8Array
  readonly begin: number
  readonly cell: number
}

/** Keeps the best group of a cell among those that are not kept yet. */
function keepBest(kept: Uint8Array, { scores, mask, begin, cell }: Cell): void {
  let best = -1
  for (let i = begin; i < begin + cell; i++) {
    if (mask[i] === 1 && kept[i] === 0 && (best < 0 || scores[i]! > scores[best]!)) best = i
  }
  if (best >= 0) kept[best] = 1
}

/** N of N:M at a density; throws a RangeError where there is none. */
export function keptInCell(cell: number, density: number): number {
  const count = Math.round(cell * density)
  if (Math.abs(cell * density - count) <= SLACK && count >= 1 && count <= cell) return count
  const least = `1:${cell} keeps ${1 / cell}`
  const wanted = `a density of 1/${cell} or a multiple of it up to 1, as ${least}`
  throw new RangeError(`Cannot keep in cells: expected ${wanted}, got ${density}`)
}
