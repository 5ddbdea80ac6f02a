/**
 * Holds the pages of the study and their charts to its rows. With `--write` tables and charts are
 * made anew. `npm run study:report` does that.
 */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { CHARTS } from './charts/study-charts.js'
import { judge } from './judged.js'
import { withRegions } from './regions.js'
import { slugOf, storedStudies } from './studies.js'

const GUIDE = 'docs/guide'
const PAGES = [
  'README.md',
  `${GUIDE}/the-paper-put-to-the-test.md`,
  `${GUIDE}/the-study-in-numbers.md`,
]
const write = process.argv.includes('--write')

const all = storedStudies()
  .map(judge)
  .filter(({ runs }) => runs.length > 0)
for (const file of PAGES) {
  const { text, count } = withRegions(readFileSync(file, 'utf8'), all)
  if (count === 0) throw new Error(`expected regions in ${file}, got none`)
  hold(file, text)
}
const charts = all.flatMap((judged) =>
  Object.entries(CHARTS).flatMap(([name, { draw }]) => {
    const drawn = draw(judged)
    return drawn ? [{ file: `study-${slugOf(judged.study)}-${name}.svg`, drawn }] : []
  }),
)
for (const { file, drawn } of charts) hold(`${GUIDE}/${file}`, drawn)
for (const file of readdirSync(GUIDE).filter((name) => /^study-.*\.svg$/.test(name))) {
  if (charts.some((chart) => chart.file === file)) continue
  if (!write) throw new Error(`${GUIDE}/${file} is of no study: run \`npm run study:report\``)
  rmSync(`${GUIDE}/${file}`)
}
console.log(`${PAGES.length} pages and ${charts.length} charts equal the rows of the study`)

function hold(file: string, wanted: string): void {
  if (existsSync(file) && readFileSync(file, 'utf8') === wanted) return
  if (!write) throw new Error(`${file} differs from the rows: run \`npm run study:report\``)
  writeFileSync(file, wanted)
}
