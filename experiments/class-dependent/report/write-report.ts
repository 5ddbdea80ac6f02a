import { writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { StudyRow } from '../rows.js'
import { CHARTS } from './charts/study-charts.js'
import { type Judged, judge } from './judged.js'
import { slugOf, studiesOf } from './studies.js'
import { loadFacts } from './study-facts.js'
import { studyPage } from './study-page.js'

const GUIDE = fileURLToPath(
  new URL('../../../docs/guide/the-paper-put-to-the-test.md', import.meta.url),
)

/**
 * Writes the tables of rows as a page of Markdown, `report.md`, and their charts beside it, with
 * the facts that the folder holds.
 *
 * @returns The path of the page.
 */
export function writeReport(folder: string, rows: readonly StudyRow[]): string {
  const guide = relative(folder, GUIDE)
  const facts = loadFacts(folder)
  const pages = studiesOf(rows)
    .map(judge)
    .map((judged) => studyPage(judged, { facts, guide, charts: drawCharts(folder, judged) }))
  const page = join(folder, 'report.md')
  writeFileSync(page, pages.join('\n') || '# Study\n\nNo rows yet.\n')
  return page
}

/** Draws the charts that have rows; their files by their names. */
function drawCharts(folder: string, judged: Judged): Partial<Record<keyof typeof CHARTS, string>> {
  const drawn = Object.entries(CHARTS).flatMap(([name, { draw }]) => {
    const svg = draw(judged)
    if (!svg) return []
    const file = `${slugOf(judged.study)}-${name}.svg`
    writeFileSync(join(folder, file), svg)
    return [[name, file]]
  })
  return Object.fromEntries(drawn)
}
