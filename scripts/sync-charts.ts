/**
 * Holds the charts of docs/guide to the stored runs of bench/sparse-record.ts. With `--write` they
 * are drawn anew.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { costChart } from '../bench/support/speed/chart.js'
import { BATCH, trainingCases } from '../bench/support/training/cases.js'

const CHARTS = [
  { network: 'alexnet', batch: 1 },
  { network: 'reference', batch: 1 },
  { network: 'mobilenet', batch: 1 },
  { network: 'lstm', batch: 1 },
  ...Object.keys(trainingCases).map((network) => ({ network, batch: BATCH })),
]
const write = process.argv.includes('--write')

for (const { network, batch } of CHARTS) {
  const file = `docs/guide/speed-${network}.svg`
  const drawn = costChart(network, batch)
  if (write) writeFileSync(file, drawn)
  else if (!existsSync(file) || readFileSync(file, 'utf8') !== drawn)
    throw new Error(`${file} differs from the runs: run \`npx tsx scripts/sync-charts.ts --write\``)
}
console.log(`${CHARTS.length} charts equal the stored runs`)
