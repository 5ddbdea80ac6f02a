import Table from 'cli-table3'
import type { Evaluation, RoundReport } from 'tfjs-prune'
import { type LedgerMisses, ledger } from 'tfjs-prune/metrics'

const border = {
  chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
  style: { head: [], border: [] },
}

/**
 * Prints the rounds of a run, a line per level; a star marks the kept one. Misses stand beside
 * those of the dense network: `4 (+1)` is one more than it misses.
 */
export function printLedger(title: string, rounds: readonly RoundReport[], kept?: number): void {
  const rows = ledger(rounds)
  const [first] = rows
  const rates = first?.atFalsePositiveRates.map((at) => at.falsePositiveRate) ?? []
  const fixed = rates.map((rate) => `at FPR ${Number((100 * rate).toPrecision(3))} %`)
  const head = ['level', 'density %', 'missed', 'FPR', ...fixed, 'AUC']
  const table = new Table({ head, colAligns: head.map(() => 'right' as const), ...border })
  for (const row of rows) {
    table.push([
      `${row.round === kept ? '* ' : ''}${row.round}`,
      (100 * row.density).toFixed(2),
      inWords(row),
      rounded(row.falsePositiveRate),
      ...row.atFalsePositiveRates.map(inWords),
      rounded(row.auc),
    ])
  }
  console.log(`\n${title} (missed, and how many more than the dense network)\n${table}`)
}

/** Misses, and by how many they differ from the dense network's. */
function inWords({ falseNegatives, addedFalseNegatives }: LedgerMisses): string {
  if (falseNegatives === null) return '-'
  if (addedFalseNegatives === null) return short(falseNegatives)
  const difference = short(Math.abs(addedFalseNegatives))
  const sign = difference === '0' ? '±' : addedFalseNegatives < 0 ? '-' : '+'
  return `${short(falseNegatives)} (${sign}${difference})`
}

/** A count; misses are not whole where a rate cuts a tie. */
function short(count: number): string {
  return `${Number(count.toFixed(1))}`
}

function rounded(rate: number | null): string {
  return rate === null ? '-' : rate.toFixed(3)
}

/** One line about an evaluation. */
export function summary({ confusion, falsePositiveRate, auc }: Evaluation): string {
  const { truePositives, falseNegatives } = confusion
  const missed = `${falseNegatives} of ${falseNegatives + truePositives} positives missed`
  return `${missed}, FPR ${falsePositiveRate.toFixed(3)}, AUC ${auc.toFixed(3)}`
}
