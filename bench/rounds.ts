// Algorithm 1 in seven rounds on X-rays, whole: training, scoring and evaluation; by tfjs, at
// density, and by an equal loop in PyTorch. DATA_DIR=... npx tsx bench/rounds.ts [runs] [epochs]
// [cnn] [mlp] replaces bench/results/rounds-*.jsonl, of both networks or one, then the tables.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { findXRays } from '../examples/support/pneumonia.js'
import { measureRounds } from './support/rounds/measure-rounds.js'
import {
  NETWORKS,
  type RoundsNetwork,
  type RoundsSide,
  roundsFile,
  SIDES,
  type StoredRun,
} from './support/rounds/runs.js'

const folder = findXRays('pneumonia-1to5')
if (!folder) throw new Error('This study needs the folder pneumonia-1to5; say where with DATA_DIR')
const [, , runs = '3', epochs = '12', ...names] = process.argv
const networks = names.length > 0 ? names : Object.keys(NETWORKS)
const host = `${cpus().length} cores of ${cpus()[0]!.model.trim()}, Node ${process.version}`

for (const network of networks as RoundsNetwork[]) {
  const lines: StoredRun[] = []
  for (let run = 1; run <= Number(runs); run++)
    for (const side of Object.keys(SIDES) as RoundsSide[]) {
      const setting = { network, seed: run, epochs: Number(epochs), folder }
      const made = measureRounds(side, setting)
      if (!made) continue
      lines.push({ run, side, ...made, host })
      console.log(`run ${run}, ${network}, ${side}: ${made.wall.toFixed(1)} s`)
    }
  writeFileSync(roundsFile(network), lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
}
execFileSync(process.execPath, ['--import', 'tsx', 'scripts/sync-tables.ts', '--write'], {
  stdio: 'inherit',
})
