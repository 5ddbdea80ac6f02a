// Prints the tables of rows of one's own, and draws their charts beside them.
// npx tsx experiments/class-dependent/report/print.ts <file of rows>
import { writeFileSync } from 'node:fs'
import { readRows } from '../rows.js'
import { CHARTS } from './charts/study-charts.js'
import { judge } from './judged.js'
import { regionOf } from './regions.js'
import { slugOf, studiesOf } from './studies.js'

const [, , file] = process.argv
if (!file) throw new Error('Cannot print the tables: expected a file of rows, got none')
const all = studiesOf(readRows(file)).map(judge)
for (const region of ['state', 'verdicts', 'claims', 'systems', 'goal', 'recipe', 'tuning', 'time'])
  console.log(`${regionOf(region, all)}\n`)
for (const judged of all) {
  for (const [name, { draw }] of Object.entries(CHARTS)) {
    const drawn = draw(judged)
    if (!drawn) continue
    const chart = file.replace(/\.jsonl$/, `-${slugOf(judged.study)}-${name}.svg`)
    writeFileSync(chart, drawn)
    console.log(chart)
  }
}
