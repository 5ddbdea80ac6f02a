import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { anything, checkCount, required } from '../internal/option-checks.js'
import { highestInCells } from './highest-in-cells.js'

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
  cell: required(checkCount),
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
  const { mask, cell } = options
  if (mask.length !== scores.length) {
    throw new TypeError(
      `Cannot keep in cells: expected ${scores.length} mask values, got ${mask.length}`,
    )
  }
  if (scores.length % cell !== 0) {
    throw new RangeError(
      `Cannot keep in cells: expected cells of a divisor of ${scores.length}, got ${cell}`,
    )
  }
  return highestInCells(scores, options)
}
