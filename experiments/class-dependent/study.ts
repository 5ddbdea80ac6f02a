// Puts the systems to the test on a set. npx tsx experiments/class-dependent/study.ts <set>
// [network] [seeds] [systems;...]; the set is a name or a folder. Rows that are there are not made
// again.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import job, { type StudyPoint } from './job.js'
import { bestTrial, epochsFor, epochTrials, rateTrials, type Subject } from './plan.js'
import { addRow, readRows, rowsFile, type StudyRow } from './rows.js'
import { openSet } from './sets/sets.js'
import { systems } from './systems/systems.js'

const [, , set, network = 'cnn', count = '10', wanted] = process.argv
if (!set) throw new Error('Cannot run the study: expected a set, got none')
const names = wanted ? wanted.split(';') : Object.keys(systems)
const file = rowsFile(set, network)
const rows: StudyRow[] = readRows(file)
const version = JSON.parse(readFileSync('package.json', 'utf8')).version as string
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
const epochs = epochsFor(openSet(set).draw(1).train.labels.length)

const isAt = (row: StudyPoint, point: StudyPoint) =>
  (['set', 'network', 'system', 'seed', 'rate', 'epochs', 'phase'] as const).every(
    (knob) => row[knob] === point[knob],
  )

async function run(points: readonly StudyPoint[]) {
  for (const point of points) {
    if (rows.some((row) => isAt(row, point))) continue
    const started = performance.now()
    const { levels } = await job(point)
    const row = { ...point, levels, version, commit } as StudyRow
    addRow(file, row)
    rows.push(row)
    const { phase, system, seed, rate } = point
    const auc = row.levels?.at(-1)?.auc
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    console.log(phase, system, seed, rate, point.epochs, auc, `${seconds} s`)
  }
}

const subjects: Subject[] = names.map((system) => ({ set, network, system }))
for (const subject of subjects) await run(rateTrials(subject, epochs))
for (const subject of subjects) {
  const { rate } = bestTrial(
    rows.filter((row) => row.epochs === epochs[0]),
    subject,
  )
  await run(epochTrials(subject, { rate, epochs: epochs[1] }))
}
for (let seed = 1; seed <= Number(count); seed++) {
  for (const subject of subjects) {
    await run([{ ...subject, ...bestTrial(rows, subject), seed, phase: 'test' }])
  }
}
