import type { LedgerOptions } from '../metrics/ledger.js'
import type { RoundReport } from '../types.js'
import { ledgerTable } from './ledger-table.js'

/**
 * The ledger of a run as JSON: a list with one object a round, without weights.
 *
 * Beside the columns of `ledger` of `tfjs-prune/metrics`, with the misses at fixed rates under names
 * such as `falseNegativesAt0.05`, it has the other numbers of the evaluation, the training loss and
 * the seconds. Weights are kept by {@link saveRounds}.
 *
 * @param rounds Finished rounds or reports.
 * @param options The fixed false-positive rates.
 * @returns The text; null stands for a number that is not told or not defined.
 * @throws {TypeError | RangeError} As `ledger` throws.
 *
 * @example
 * ```ts
 * import { toJson } from 'tfjs-prune/runs'
 *
 * const counts = { density: 1, densityOverAll: 1, kept: 8, weights: [] }
 * const seconds = { training: 2, scoring: 0, evaluation: 1 }
 * const report = { round: 0, ...counts, evaluation: { meanSquaredError: 0.5 }, trainingLoss: Number.NaN, seconds }
 * const [row] = JSON.parse(toJson([report]))
 * if (row.meanSquaredError !== 0.5 || row.trainingLoss !== null) throw new Error('NaN is null')
 * ```
 */
export function toJson(
  rounds: readonly RoundReport<object>[],
  options: LedgerOptions = {},
): string {
  return JSON.stringify(ledgerTable(rounds, options), null, 2)
}
