import type { FigureName } from '../figures.js'
import { deviationOf, type Judged, meanOf, overLevels, runsOf } from '../judged.js'
import { LEVELS, levelName } from '../levels.js'
import { titleOf } from '../studies.js'
import { BASE } from '../system-names.js'
import { chosenSystems } from './chosen-systems.js'
import { type ChartPoint, type Panel, svgChart } from './svg-chart.js'

/** The charts of a study by their names. */
export const CHARTS = {
  levels: {
    draw: levelsChart,
    alt: "FNR and FPR at the network's own boundary, and AUC, against the weights left",
  },
  curves: { draw: curvesChart, alt: 'FNR against FPR at 6.25 % of the weights' },
  cost: { draw: costChart, alt: 'FNR at an FPR of 10 % against the multiply-adds left' },
} as const

const weightsLeft = (points: readonly ChartPoint[]) => ({
  label: 'weights left, % →',
  ticks: [...new Set(points.map(({ x }) => x))],
  text: (value: number) => `${Number(value.toPrecision(3))}`,
  type: 'log' as const,
  isReversed: true,
})

const OF_THE_PAPER = ['red', 'blue', 'black', 'green', 'LAMP', 'recipe']

/** The paper's figure 4 made again: rates and AUC by level, a band of a standard deviation. */
function levelsChart(judged: Judged): string | undefined {
  const systems = chosenSystems(judged, OF_THE_PAPER)
  const panel = (figure: FigureName, title: string): Panel => {
    const points = systems.flatMap((system) =>
      LEVELS.flatMap((level) => pointOf(judged, { system, figure, level, x: 100 / 2 ** level })),
    )
    return { title, points, x: weightsLeft(points), y: rangeOf(points) }
  }
  return svgChart(`${titleOf(judged.study)}: ${CHARTS.levels.alt}`, [
    panel('fnr', 'FNR %, own boundary'),
    panel('fpr', 'FPR %, own boundary'),
    panel('auc', 'AUC %'),
  ])
}

const RATES = { fnrAtFpr5: 5, fnrAtFpr10: 10, fnrAtFpr20: 20 } as const
const COMPARED = ['red', 'black', 'green', 'LAMP', 'recipe', 'recipe with LAMP']

/** Misses against false alarms on the test curve, at 6.25 % of the weights. */
function curvesChart(judged: Judged): string | undefined {
  const points = chosenSystems(judged, COMPARED).flatMap((system) =>
    Object.entries(RATES).flatMap(([figure, x]) =>
      pointOf(judged, { system, figure: figure as FigureName, level: 4, x }).map(bare),
    ),
  )
  const panel: Panel = {
    title: 'FNR % at 6.25 % of the weights',
    points,
    x: { label: 'FPR % →', ticks: Object.values(RATES), text: String, type: 'linear' },
    y: rangeOf(points),
  }
  return svgChart(`${titleOf(judged.study)}: ${CHARTS.curves.alt}`, [panel])
}

const COSTLY = ['red', 'LAMP', 'ends whole', 'teacher', 'recipe', 'recipe with LAMP']

/** Misses against multiply-adds, from 12.5 % of the weights down. */
function costChart(judged: Judged): string | undefined {
  const points = chosenSystems(judged, COSTLY).flatMap((system) =>
    [3, 4, 5, 6].flatMap((level) => {
      const cost = valuesOf(judged, { system, figure: 'multiplyAdds', level })
      const x = meanOf(cost)
      return pointOf(judged, { system, figure: 'fnrAtFpr10', level, x }).map(bare)
    }),
  )
  const dense = valuesOf(judged, { system: BASE, figure: 'fnrAtFpr10', level: 0 })
  const rules = dense.length > 0 ? [{ y: meanOf(dense), text: 'dense' }] : []
  const panel: Panel = {
    title: `FNR % at an FPR of 10 %; points: ${[3, 4, 5, 6].map(levelName).join(', ')} of the weights`,
    points,
    rules,
    x: {
      label: 'multiply-adds left, % →',
      ticks: ticksOf(points.map(({ x }) => x)),
      text: String,
      type: 'log',
      isReversed: true,
    },
    y: rangeOf([...points, ...rules]),
  }
  return svgChart(`${titleOf(judged.study)}: ${CHARTS.cost.alt}`, [panel])
}

interface Asked {
  readonly system: string
  readonly figure: FigureName
  readonly level: number
}

const valuesOf = (judged: Judged, { system, figure, level }: Asked) =>
  runsOf(judged, system).flatMap((run) => overLevels(run, figure, [level]) ?? [])

/** The mean over the seeds with its band; none without rows. */
function pointOf(judged: Judged, { x, ...asked }: Asked & { readonly x: number }): ChartPoint[] {
  const values = valuesOf(judged, asked)
  if (values.length === 0) return []
  const [y, spread] = [meanOf(values), values.length > 1 ? deviationOf(values) : 0]
  const inside = (value: number) => Math.min(100, Math.max(0, value))
  return [{ system: asked.system, x, y, lower: inside(y - spread), upper: inside(y + spread) }]
}

const bare = ({ system, x, y }: ChartPoint): ChartPoint => ({ system, x, y })

/** 1, 2 and 5 by powers of ten, between the least and the most. */
function ticksOf(values: readonly number[]): number[] {
  const [least, most] = [Math.min(...values), Math.max(...values)]
  const steps = [0.1, 1, 10].flatMap((power) => [power, 2 * power, 5 * power])
  return [...steps, 100].filter((value) => value >= least && value <= most)
}

/** The range of the heights, a little wider, within 0 to 100. */
function rangeOf(points: readonly Partial<ChartPoint>[]): [number, number] {
  const all = points
    .flatMap(({ y, lower, upper }) => [y, lower, upper])
    .filter((v) => v !== undefined)
  const [least, most] = [Math.min(...all), Math.max(...all)]
  const more = Math.max(0.06 * (most - least), 0.5)
  return [Math.max(0, least - more), Math.min(100, most + more)]
}
