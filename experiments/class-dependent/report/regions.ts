import { CHARTS } from './charts/study-charts.js'
import { choiceTable } from './choice-table.js'
import { claimsWithRows, missingOf, stateOf, verdictsTable } from './claims-tables.js'
import { FIGURES, type FigureName } from './figures.js'
import { figureTable, mainTable } from './figures-tables.js'
import { foreseenTable } from './foreseen-table.js'
import { chosenGoalTable, goalTable } from './goal-table.js'
import type { Judged } from './judged.js'
import { besideDenseTable, recipeTables } from './recipe-table.js'
import { shortTable } from './short-table.js'
import { slugOf, titleOf } from './studies.js'
import { SYSTEM_NAMES } from './system-names.js'
import { timeTable } from './time-table.js'
import { tuningTable } from './tuning-table.js'

const NONE = 'No rows yet.'

/** A part of each study under its heading. */
const byStudy = (all: readonly Judged[], part: (judged: Judged) => string) =>
  all
    .map((judged) => ({ title: titleOf(judged.study), text: part(judged) }))
    .filter(({ text }) => text !== '')
    .map(({ title, text }) => `**${title}**\n\n${text}`)
    .join('\n\n') || NONE

const chartsOf = (names: readonly (keyof typeof CHARTS)[]) => (all: readonly Judged[]) =>
  byStudy(all, (judged) =>
    names
      .filter((name) => CHARTS[name].draw(judged) !== undefined)
      .map(
        (name) =>
          `![${titleOf(judged.study)}: ${CHARTS[name].alt}](study-${slugOf(judged.study)}-${name}.svg)`,
      )
      .join('\n\n'),
  )

/** All figures of a study, a table each. */
const numbersOf = (judged: Judged) =>
  [
    `### ${capital(titleOf(judged.study))}`,
    ...(Object.keys(FIGURES) as FigureName[]).map(
      (figure) => `#### ${FIGURES[figure].title}\n\n${figureTable(judged, figure)}`,
    ),
  ].join('\n\n')

const capital = (words: string) => `${words[0]!.toUpperCase()}${words.slice(1)}`

const regions: Readonly<Record<string, (all: readonly Judged[]) => string>> = {
  state: (all) => all.map((judged) => stateOf(judged, Object.keys(SYSTEM_NAMES))).join('\n'),
  missing: (all) => {
    const found = all.flatMap((judged) => missingOf(judged, Object.keys(SYSTEM_NAMES)) ?? [])
    return found.join('\n') || 'None: all systems have rows in all studies.'
  },
  verdicts: verdictsTable,
  claims: (all) => byStudy(all, (judged) => claimsWithRows(judged) ?? ''),
  systems: (all) => byStudy(all, mainTable),
  recipe: (all) =>
    byStudy(
      all,
      (judged) =>
        `${recipeTables(judged)}\n\nBeside the dense network:\n\n${besideDenseTable(judged)}`,
    ),
  tuning: (all) => byStudy(all, tuningTable),
  time: timeTable,
  levels: chartsOf(['levels']),
  goal: goalTable,
  choice: choiceTable,
  chosen: chosenGoalTable,
  foreseen: foreseenTable,
  curves: chartsOf(['curves', 'cost']),
  short: shortTable,
  numbers: (all) => all.map(numbersOf).join('\n\n'),
}

/** The text of a region of the pages, such as `claims`, from the rows. */
export function regionOf(name: string, all: readonly Judged[]): string {
  const region = regions[name]
  if (!region) {
    const wanted = Object.keys(regions).join(', ')
    throw new Error(`Cannot write a region: expected one of ${wanted}, got ${name}`)
  }
  return all.length === 0 ? NONE : region(all)
}

const REGION = /^<!-- study (?<name>\w+) -->\n[\s\S]*?^<!-- \/study -->$/gm

/** A page with its regions put in anew, and their number. */
export function withRegions(page: string, all: readonly Judged[]): { text: string; count: number } {
  let count = 0
  const text = page.replace(REGION, (...match) => {
    const { name } = match.at(-1) as { name: string }
    count += 1
    return `<!-- study ${name} -->\n\n${regionOf(name, all)}\n\n<!-- /study -->`
  })
  return { text, count }
}
