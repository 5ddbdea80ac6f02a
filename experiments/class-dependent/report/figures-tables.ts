import { type PairedRow, pairedTable } from 'tfjs-prune/sweep'
import { markdown, pText } from './cells.js'
import { FIGURES, type FigureName } from './figures.js'
import { deviationOf, type Judged, type JudgedRun, meanOf, overLevels, runsOf } from './judged.js'
import { LEVELS, levelName, SPARSE } from './levels.js'
import { BASE, FAMILIES, nameOf } from './system-names.js'

/** The main table of a study: a row a system, misses level by level, the rest at 6.25 %. */
export function mainTable(judged: Judged): string {
  const shown = [3, 4, 5, 6]
  const tested = testsOf(judged, 'fnrAtFpr10')
  const others: readonly FigureName[] = [
    'fnrAtFpr5',
    'fnr',
    'fpr',
    'auc',
    'partialAuc',
    'multiplyAdds',
  ]
  const dense = rowOf(runsOf(judged, BASE), { levels: [0], others, level: 0 })
  const rows = judged.systems.map((system) => {
    const runs = runsOf(judged, system)
    const cells = isWhole(runs)
      ? rowOf(runs, { levels: [0], others, level: 0 })
      : rowOf(runs, { levels: shown, others, level: 4 })
    const comparison = tested.get(system)?.comparison
    return [nameOf(system), ...cells, pText(comparison?.pByHolm ?? undefined), `${runs.length}`]
  })
  const head = [
    `${FIGURES.fnrAtFpr10.head}: ${shown.map(levelName).join(', ')}`,
    ...others.map((figure) => `${FIGURES[figure].head}, 6.25 %`),
  ]
  const plain = runsOf(judged, BASE).length
  const first = plain > 0 ? [['dense (red)', ...dense, '', `${plain}`]] : []
  return markdown(['system', ...head, 'p (Holm)', 'seeds'], [...first, ...rows])
}

interface Shown {
  readonly levels: readonly number[]
  readonly others: readonly FigureName[]
  /** The level of the other figures. */
  readonly level: number
}

const isWhole = (runs: readonly JudgedRun[]) => runs.some(({ levels }) => levels.length === 1)

function rowOf(runs: readonly JudgedRun[], { levels, others, level }: Shown): string[] {
  return [
    levels.map((one) => meanCell(runs, 'fnrAtFpr10', one)).join(', '),
    ...others.map((figure) => meanCell(runs, figure, level)),
  ]
}

const valuesAt = (runs: readonly JudgedRun[], figure: FigureName, level: number) =>
  runs.flatMap((run) => overLevels(run, figure, [level]) ?? [])

function meanCell(runs: readonly JudgedRun[], figure: FigureName, level: number): string {
  const values = valuesAt(runs, figure, level)
  return values.length === 0 ? '' : meanOf(values).toFixed(FIGURES[figure].decimals)
}

/** A whole table of one figure: mean and standard deviation of each system at each level. */
export function figureTable(judged: Judged, figure: FigureName): string {
  const tested = testsOf(judged, figure)
  const rows = judged.systems.map((system) => {
    const runs = runsOf(judged, system)
    const levels = isWhole(runs) ? [0] : LEVELS
    const cells = LEVELS.map((level) =>
      levels.includes(level as 0) ? spreadCell(valuesAt(runs, figure, level), figure) : '',
    )
    const comparison = tested.get(system)?.comparison
    const p = [comparison?.pValue, comparison?.pByHolm].map((value) => pText(value ?? undefined))
    return [nameOf(system), ...cells, ...p, `${runs.length}`]
  })
  return markdown(['system', ...LEVELS.map(levelName), 'p', 'p (Holm)', 'seeds'], rows)
}

function spreadCell(values: readonly number[], figure: FigureName): string {
  if (values.length === 0) return ''
  const { decimals } = FIGURES[figure]
  const spread = values.length > 1 ? ` ± ${deviationOf(values).toFixed(decimals)}` : ''
  return `${meanOf(values).toFixed(decimals)}${spread}`
}

/**
 * Each system against plain lottery tickets: the mean over 6.25 % of the weights and below, by
 * seed. Holm's correction goes over the systems of a family; all systems together could not come
 * below .05 with 10 seeds.
 */
export function testsOf(judged: Judged, figure: FigureName): Map<string, PairedRow> {
  const rowsOf = (system: string, family: string) =>
    runsOf(judged, system).flatMap((run) => {
      const value = overLevels(run, figure, SPARSE)
      return value === undefined ? [] : [{ family, system, seed: run.seed, value }]
    })
  const rows = Object.entries(FAMILIES).flatMap(([family, systems]) => {
    const own = systems.flatMap((system) => rowsOf(system, family))
    return own.length > 0 ? [...rowsOf(BASE, family), ...own] : []
  })
  if (!rows.some(({ system }) => system === BASE)) return new Map()
  const table = pairedTable(rows, {
    ...{ figure: 'value', by: 'system', against: BASE, pair: ['seed'] },
    ...{ within: ['family'], family: 'part', direction: FIGURES[figure].direction },
  })
  const own = table.rows.filter(({ count, comparison }) => count > 0 && comparison)
  return new Map(own.map((row) => [String(row.group), row]))
}
