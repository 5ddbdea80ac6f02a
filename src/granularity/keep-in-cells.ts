import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { anything, numberThat, required } from '../internal/option-checks.js'

const SLACK = 1e-9

/** Options of {@link keepInCells}. */
export interface KeepInCellsOptions {
  /** Previous mask of the groups, 1 = may be kept. */
  readonly mask: Uint8Array
  /** M: groups in a row that form a cell. */
  readonly cell: number
  /** N / M, in (0, 1]. */
  readonly density: number
}

const checks: OptionChecks<KeepInCellsOptions> = {
  mask: required(anything),
  cell: required(
    numberThat('a whole number of at least 1', (cell) => Number.isSafeInteger(cell) && cell >= 1),
  ),
  density: required(anything),
}

/**
 * Keeps exactly N = cell * density of the groups in each cell, those with the highest scores.
 *
 * A cell with fewer than N left keeps all of them. Among equal scores the earlier one stays; -0
 * equals +0.
 *
 * @param scores Finite numbers, one per group, higher = keep; ignored where `mask` is 0.
 * @param options Mask so far, size of a cell and density.
 * @returns The new mask, 1 = kept: a subset of `mask`.
 * @throws {TypeError} If an option is not known, or the mask is of another length than the scores.
 * @throws {RangeError} If cell * density is no whole number of at least 1, the cell does not divide
 *   the number of scores, or a score is NaN or infinite.
 *
 * @example
 * ```ts
 * import { keepInCells } from 'tfjs-prune'
 *
 * const scores = Float32Array.of(3, 1, 2, 4, 0, 0, 0, 9)
 * const kept = keepInCells(scores, { mask: new Uint8Array(8).fill(1), cell: 4, density: 0.5 })
 * if (kept.join() !== '1,0,0,1,1,0,0,1') throw new Error('two of each four')
 * ```
 */
export function keepInCells(scores: Float32Array, options: KeepInCellsOptions): Uint8Array {
  checkOptions(options, { task: 'keep in cells', checks })
  const { mask, cell, density } = options
  if (mask.length !== scores.length) {
    throw new TypeError(
      `Cannot keep in cells: expected ${scores.length} mask values, got ${mask.length}`,
    )
  }
  const count = keptInCell(cell, density)
  if (scores.length % cell !== 0) {
    throw new RangeError(
      `Cannot keep in cells: expected cells of a divisor of ${scores.length}, got ${cell}`,
    )
  }
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
function keptInCell(cell: number, density: number): number {
  const count = Math.round(cell * density)
  if (Math.abs(cell * density - count) <= SLACK && count >= 1 && count <= cell) return count
  const least = `1:${cell} keeps ${1 / cell}`
  const wanted = `a density of 1/${cell} or a multiple of it up to 1, as ${least}`
  throw new RangeError(`Cannot keep in cells: expected ${wanted}, got ${density}`)
}
