import type { BestPoint } from 'tfjs-prune/sweep'
import { chanceLevel } from '../chance-level.js'
import { bestOf } from '../plan.js'
import type { StudyLevel, StudyRow } from '../rows.js'
import { FIGURES, type FigureName } from './figures.js'
import { LEVELS } from './levels.js'
import type { Study } from './studies.js'
import { ordered } from './system-names.js'

/** A run that counts: of a system at its tuned rate and epochs, on a seed that is reported. */
export interface JudgedRun extends StudyRow {
  readonly levels: readonly StudyLevel[]
}

/** The runs of a study that count, and those that do not. */
export interface Judged {
  readonly study: Study
  /** Systems with a run, in the order of the tables. */
  readonly systems: readonly string[]
  readonly runs: readonly JudgedRun[]
  /** Those of the runs that diverged: they count as chance. */
  readonly diverged: readonly StudyRow[]
  /** Runs on reported seeds at a rate or number of epochs that tuning did not choose in the end. */
  readonly setAside: readonly StudyRow[]
  /** The tuned point of each system that has tuning runs. */
  readonly choices: readonly BestPoint[]
}

/** Sorts the rows of a study. */
export function judge(study: Study): Judged {
  const tests = study.rows.filter(({ phase }) => phase === 'test')
  const choices = choicesOf(study.rows)
  const isChosen = ({ system, rate, epochs }: StudyRow) => {
    const point = choices.find(({ group }) => group.system === system)?.point
    return !point || (point.rate === rate && point.epochs === epochs)
  }
  const chosen = tests.filter(isChosen)
  const runs = chosen.map((row): JudgedRun => ({ ...row, levels: row.levels ?? lostLevels() }))
  return {
    study,
    systems: ordered(chosen.map(({ system }) => system)),
    runs,
    diverged: chosen.filter(({ levels }) => levels === null),
    setAside: tests.filter((row) => !isChosen(row)),
    choices,
  }
}

/** The best rate and epochs of each system that has tuning runs. */
function choicesOf(rows: readonly StudyRow[]): BestPoint[] {
  const tuning = rows.filter(({ phase }) => phase === 'tuning')
  const systems = new Map(tuning.map((row) => [row.system, row]))
  return [...systems.values()].flatMap((subject) => bestOf(rows, subject) ?? [])
}

/** The levels of a run that diverged: it finds positives by chance. */
const lostLevels = (): StudyLevel[] => LEVELS.map((level) => chanceLevel(1 / 2 ** level))

/** The mean of a figure over some levels of a run; undefined where it has none of them. */
export function overLevels(
  { levels }: JudgedRun,
  figure: FigureName,
  wanted: readonly number[],
): number | undefined {
  // A network that is not pruned stands for each level.
  const own = levels.length === 1 ? levels : wanted.flatMap((level) => levels[level] ?? [])
  if (own.length === 0 || (levels.length > 1 && own.length < wanted.length)) return undefined
  return meanOf(own.map(FIGURES[figure].of))
}

/** The runs of a system. */
export const runsOf = ({ runs }: Judged, system: string): JudgedRun[] =>
  runs.filter((run) => run.system === system)

/** The mean; NaN for none. */
export const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/** The standard deviation, n - 1 in the denominator. */
export function deviationOf(values: readonly number[]): number {
  const mean = meanOf(values)
  return Math.sqrt(
    values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1),
  )
}
