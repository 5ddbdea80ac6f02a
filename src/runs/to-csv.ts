import type { LedgerOptions } from '../metrics/ledger.js'
import type { RoundReport } from '../types.js'
import { ledgerTable } from './ledger-table.js'

/**
 * The ledger of a run as CSV (RFC 4180): a row of names, then one row a round, without weights.
 *
 * The columns are those of {@link toJson}. Numbers have a point and no separators between their
 * digits; a number that is not told or not defined is empty. Texts with commas, quotes or line
 * breaks are quoted. Lines end with CR LF.
 *
 * @param rounds Finished rounds or reports.
 * @param options The fixed false-positive rates.
 * @returns The text; empty for no rounds.
 * @throws {TypeError | RangeError} As `ledger` of `tfjs-prune/metrics` throws.
 * @see Shafranovich 2005, RFC 4180.
 *
 * @example
 * ```ts
 * import { toCsv } from 'tfjs-prune/runs'
 *
 * const counts = { density: 1, densityOverAll: 1, kept: 8, weights: [] }
 * const seconds = { training: 2, scoring: 0, evaluation: 1 }
 * const report = { round: 0, ...counts, evaluation: { meanSquaredError: 0.5 }, trainingLoss: Number.NaN, seconds }
 * const [names, row] = toCsv([report]).split('\r\n')
 * if (!names!.startsWith('round,density,') || !row!.startsWith('0,1,1,8,')) throw new Error('one row a round')
 * ```
 */
export function toCsv(rounds: readonly RoundReport<object>[], options: LedgerOptions = {}): string {
  const rows = ledgerTable(rounds, options)
  const [first] = rows
  if (!first) return ''
  const lines = [Object.keys(first), ...rows.map((row) => Object.values(row))]
  return lines.map((cells) => `${cells.map(cellOf).join(',')}\r\n`).join('')
}

function cellOf(value: number | string | null): string {
  if (value === null) return ''
  const text = `${value}`
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
