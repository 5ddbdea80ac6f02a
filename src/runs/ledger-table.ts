import { type LedgerOptions, ledger } from '../metrics/ledger.js'
import type { RoundReport } from '../types.js'

/** A row of plain values; null where a number is not told, or not defined. */
export type TableRow = Readonly<Record<string, number | string | null>>

/**
 * The ledger of a run with the other numbers of its rounds, in flat rows of the same columns: those
 * of `ledger`, the numbers of the evaluation that are not among them, the training loss and the
 * seconds.
 */
export function ledgerTable(
  rounds: readonly RoundReport<object>[],
  options: LedgerOptions,
): TableRow[] {
  const rows = ledger(rounds, options).map(({ atFalsePositiveRates, collapsed, ...own }, i) => {
    const { evaluation, trainingLoss, seconds } = rounds[i]!
    const fixed = atFalsePositiveRates.flatMap(({ falsePositiveRate, ...misses }) =>
      Object.entries(misses).map(([name, value]) => [`${name}At${falsePositiveRate}`, value]),
    )
    const numbers = Object.entries(evaluation ?? {}).filter(
      ([name, value]) => typeof value === 'number' && !(name in own),
    )
    return {
      ...own,
      ...Object.fromEntries([...fixed, ...numbers]),
      trainingLoss,
      ...Object.fromEntries(
        Object.entries(seconds ?? {}).map(([name, value]) => [`${name}Seconds`, value]),
      ),
      collapsed,
    } as Record<string, unknown>
  })
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  return rows.map((row) =>
    Object.fromEntries(columns.map((column) => [column, plain(row[column])])),
  )
}

function plain(value: unknown): number | string | null {
  if (typeof value === 'string') return value
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}
