import { holm } from 'tfjs-prune/metrics'
import { markdown, pText } from './cells.js'
import { compareSides } from './compare-sides.js'
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
    return [nameOf(system), ...cells, pText(tested.get(system)?.pByHolm), `${runs.length}`]
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

/**
 * Whether a figure compares systems: at thresholds of the validation part each has its own false
 * alarms on test, and misses alone say nothing.
 */
const isFair = (figure: FigureName) => !figure.startsWith('moved')

/** A whole table of one figure: mean and standard deviation of each system at each level. */
export function figureTable(judged: Judged, figure: FigureName): string {
  const tested = isFair(figure) ? testsOf(judged, figure) : new Map<string, Tested>()
  const rows = judged.systems.map((system) => {
    const runs = runsOf(judged, system)
    const levels = isWhole(runs) ? [0] : LEVELS
    const cells = LEVELS.map((level) =>
      levels.includes(level as 0) ? spreadCell(valuesAt(runs, figure, level), figure) : '',
    )
    const { pValue, pByHolm } = tested.get(system) ?? {}
    return [nameOf(system), ...cells, pText(pValue), pText(pByHolm), `${runs.length}`]
  })
  return markdown(['system', ...LEVELS.map(levelName), 'p', 'p (Holm)', 'seeds'], rows)
}

function spreadCell(values: readonly number[], figure: FigureName): string {
  if (values.length === 0) return ''
  const { decimals } = FIGURES[figure]
  const spread = values.length > 1 ? ` ± ${deviationOf(values).toFixed(decimals)}` : ''
  return `${meanOf(values).toFixed(decimals)}${spread}`
}

/** A p-value, and the same by Holm's correction. */
export interface Tested {
  readonly pValue: number
  readonly pByHolm: number
}

/**
 * Each system against plain lottery tickets: the mean over 6.25 % of the weights and below, by
 * seed. Holm's correction goes over the systems of a family, those without rows included; all
 * systems together could not come below .05 with 10 seeds.
 */
export function testsOf(judged: Judged, figure: FigureName): Map<string, Tested> {
  const sideOf = (system: string) => ({ system, levels: SPARSE })
  const families = Object.values(FAMILIES).map((systems) => {
    const values = systems.map((system) => {
      const compared = compareSides(judged, [sideOf(system), sideOf(BASE)], figure)
      return compared?.paired.pValue ?? undefined
    })
    const adjusted = holm(values.map((value) => value ?? 1))
    return systems.flatMap((system, i): [string, Tested][] => {
      const pValue = values[i]
      return pValue === undefined ? [] : [[system, { pValue, pByHolm: adjusted[i]! }]]
    })
  })
  return new Map(families.flat())
}
