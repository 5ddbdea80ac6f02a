import { writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { StudyRow } from '../rows.js'
import { CHARTS } from './charts/study-charts.js'
import { judge } from './judged.js'
import { regionOf } from './regions.js'
import { slugOf, studiesOf } from './studies.js'

const REGIONS = ['state', 'verdicts', 'claims', 'systems', 'goal', 'recipe', 'tuning', 'time']

/**
 * Writes the tables of rows as a page of Markdown, `report.md`, and their charts beside it.
 *
 * @returns The path of the page.
 */
export function writeReport(folder: string, rows: readonly StudyRow[]): string {
  const all = studiesOf(rows).map(judge)
  const charts = all.flatMap((judged) =>
    Object.entries(CHARTS).flatMap(([name, { draw }]) => {
      const drawn = draw(judged)
      return drawn ? [{ file: `${slugOf(judged.study)}-${name}.svg`, drawn }] : []
    }),
  )
  for (const { file, drawn } of charts) writeFileSync(join(folder, file), drawn)
  const page = join(folder, 'report.md')
  const pictures = charts.map(({ file }) => `![${basename(file, '.svg')}](${file})`)
  const regions = REGIONS.map((region) => regionOf(region, all))
  writeFileSync(page, `${['# Study', ...regions, ...pictures].join('\n\n')}\n`)
  return page
}
