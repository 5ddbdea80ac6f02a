import Table from 'cli-table3'
import type { Evaluation, RoundReport } from 'tfjs-prune'

const columns = ['level', 'density %', 'TP', 'FN', 'FP', 'TN', 'FNR', 'FPR', 'AUC']
const colAligns = columns.map(() => 'right' as const)
const border = {
  chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
  style: { head: [], border: [] },
}

/** Prints the rounds of a run, a line per level; a star marks the kept one. */
export function printLedger(title: string, rounds: readonly RoundReport[], kept?: number): void {
  const table = new Table({ head: columns, colAligns, ...border })
  for (const { round, density, evaluation } of rounds) {
    table.push([
      `${round === kept ? '* ' : ''}${round}`,
      (100 * density).toFixed(2),
      ...counts(evaluation),
    ])
  }
  console.log(`\n${title}\n${table}`)
}

function counts({
  confusion,
  falseNegativeRate,
  falsePositiveRate,
  auc,
}: Evaluation): (number | string)[] {
  const { truePositives, falseNegatives, falsePositives, trueNegatives } = confusion
  const rates = [falseNegativeRate, falsePositiveRate, auc].map((rate) => rate.toFixed(3))
  return [truePositives, falseNegatives, falsePositives, trueNegatives, ...rates]
}

/** One line about an evaluation. */
export function summary({ confusion, falsePositiveRate, auc }: Evaluation): string {
  const { truePositives, falseNegatives } = confusion
  const missed = `${falseNegatives} of ${falseNegatives + truePositives} positives missed`
  return `${missed}, FPR ${falsePositiveRate.toFixed(3)}, AUC ${auc.toFixed(3)}`
}
