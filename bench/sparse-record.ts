// Measures the figures of docs/guide/speed.md again. npx tsx bench/sparse-record.ts [runs]
// [networks...] replaces bench/results/sparse-*.jsonl, then the tables and charts. A file is
// replaced when the first run of its network is done; the others add to it.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { cases } from './support/speed/cases.js'
import { oneRun } from './support/speed/one-run.js'
import { runsFile, type StoredFigure } from './support/speed/runs.js'
import { trainingCases } from './support/training/cases.js'

const [, , count = '3', ...names] = process.argv
const runs = Number(count)
if (!(Number.isInteger(runs) && runs > 0))
  throw new Error(`Expected a number of runs, got ${count}`)
const networks = names.length > 0 ? names : Object.keys({ ...cases, ...trainingCases })
const figures = new Map(networks.map((network) => [network, [] as StoredFigure[]]))
for (let run = 1; run <= runs; run++)
  for (const [network, lines] of figures) {
    for await (const figure of oneRun(network)) {
      lines.push({ run, ...figure })
      console.log(`run ${run}, ${network}: ${figure.density} at batch ${figure.batch}`)
    }
    writeFileSync(runsFile(network), lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  }
for (const script of ['scripts/sync-tables.ts', 'scripts/sync-charts.ts'])
  execFileSync(process.execPath, ['--import', 'tsx', script, '--write'], { stdio: 'inherit' })
