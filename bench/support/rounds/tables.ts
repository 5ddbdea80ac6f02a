import { markdown, percent, short, spanned } from '../speed/cells.js'
import { spanOf } from '../speed/runs.js'
import { MOST_OTHERS } from '../speed/threads-rule.js'
import { type RoundsNetwork, type RoundsSide, SIDES, type StoredRun, storedRounds } from './runs.js'

const sides = Object.keys(SIDES) as RoundsSide[]

/** Sides that were measured. */
const measured = (runs: readonly StoredRun[]) =>
  sides.filter((side) => runs.some((run) => run.side === side))

const ofSide = (runs: readonly StoredRun[], side: RoundsSide) =>
  runs.filter((run) => run.side === side)

/** Seconds of training a level and of the whole run, a column a side. */
export function roundsTable(network: RoundsNetwork): string {
  const runs = storedRounds(network)
  const columns = measured(runs)
  const seconds = (of: (run: StoredRun) => number) =>
    columns.map((side) => spanned(spanOf(ofSide(runs, side).map(of))))
  const levels = runs[0]?.levels.map(({ density }, i) => [
    percent(density),
    ...seconds(({ levels }) => levels[i]!.training.wall),
  ])
  return markdown(
    ['wall seconds', ...columns.map((side) => SIDES[side])],
    [
      ...(levels ?? []),
      ['whole run', ...seconds(({ wall }) => wall)],
      ['whole run, processor time', ...seconds(({ processor }) => processor)],
    ],
  )
}

/** How many times the seconds of the run at density the other sides take, run by run. */
export function roundsRatios(network: RoundsNetwork): string {
  const runs = storedRounds(network)
  const ours = new Map(ofSide(runs, 'sparse').map((run) => [run.run, run]))
  const rows = measured(runs)
    .filter((side) => side !== 'sparse')
    .map((side) => {
      const pairs = ofSide(runs, side).map((run) => [run, ours.get(run.run)!] as const)
      const quiet = pairs.filter((pair) => pair.every(({ others }) => others <= MOST_OTHERS))
      const wall = quiet.map(([theirs, own]) => theirs.wall / own.wall)
      const processor = pairs.map(([theirs, own]) => theirs.processor / own.processor)
      return [
        SIDES[side],
        wall.length > 0 ? spanned(spanOf(wall)) : `none: above ${MOST_OTHERS}`,
        spanned(spanOf(processor)),
      ]
    })
  return markdown(['against', 'wall time', 'processor time'], rows)
}

/** Area under the curve and misses by level, the mean of the runs, a column a side. */
export function roundsQuality(network: RoundsNetwork): string {
  const runs = storedRounds(network)
  const columns = measured(runs)
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length
  const rows = runs[0]?.levels.map(({ density }, i) => [
    percent(density),
    ...columns.map((side) => {
      const found = ofSide(runs, side).map(({ levels }) => levels[i]!)
      const auc = mean(found.map((level) => level.auc)).toFixed(3)
      return `${auc}, ${short(100 * mean(found.map((level) => level.falseNegativeRate)))} %`
    }),
  ])
  return markdown(['AUC, misses', ...columns.map((side) => SIDES[side])], rows ?? [])
}
