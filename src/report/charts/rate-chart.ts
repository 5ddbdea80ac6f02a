import type { ChartOptions } from './chart-options.js'
import type { ChartSpec } from './chart-spec.js'
import { type Charted, runsOf } from './charted-run.js'
import { densityAxis, shiftOf } from './density-axis.js'
import { listed, percent, percentOf } from './in-words.js'
import { makeChart } from './make-chart.js'
import { rateFinding } from './rate-finding.js'
import type { RateSide } from './rate-point.js'
import { type ChartedRates, type RateSeries, rateSeries } from './rate-series.js'
import { seriesEncoding } from './series-encoding.js'
import { shortNames } from './short-names.js'

const WORDS = {
  misses: { subject: 'Misses', all: 'positives are missed', axis: 'missed positives, %' },
  falseAlarms: {
    subject: 'False alarms',
    all: 'negatives raise a false alarm',
    axis: 'false alarms, %',
  },
}

/** A chart of misses or of false alarms against density. */
export function rateChart(charted: Charted, rate: RateSide, options: ChartOptions): ChartSpec {
  const { series, leftOut } = rateSeries(runsOf(charted, rate.task), rate)
  const { subject, all, axis } = WORDS[rate.side]
  const { atFalsePositiveRate: fixed } = rate
  const ending = fixed === undefined ? '' : ` and ${percent(fixed)} false alarms`
  const names = shortNames(
    series.map(({ name }) => name),
    22,
  )
  const encoding = seriesEncoding(names, { field: 'setting', ...options })
  const rows = series.flatMap((one, place) =>
    rowsOf({ ...one, name: names[place]! }, shiftOf(place, series.length)),
  )
  const most = Math.max(1, ...rows.map(({ rate, upper = 0 }) => Math.max(rate, upper)))
  const y = {
    field: 'rate',
    type: 'quantitative',
    title: axis,
    scale: { domain: [0, most], nice: true },
    axis: { tickCount: 5 },
  }
  const x = densityAxis(rows)
  return makeChart(
    {
      finding: rateFinding(series, { subject, all, ending }),
      notes: notesOf({ series, leftOut }),
      height: 230 + (series.length > 1 ? 24 * Math.ceil(series.length / 2) : 0),
      view: { encoding: { x, y, ...encoding.color }, layer: layersOf(rows, encoding) },
    },
    options,
  )
}

interface RateRow {
  readonly setting: string
  /** % of the weights that are left, and the place of the point beside it. */
  readonly left: number
  readonly at: number
  /** In %. */
  readonly rate: number
  readonly lower?: number
  readonly upper?: number
  readonly count?: number
  readonly of?: number
  readonly round: number
  readonly seeds: number
  readonly isKept: boolean
}

function rowsOf({ name, points, run, seeds }: RateSeries, shift: number): RateRow[] {
  return points.map(({ density, rate, lower, upper, count, of, round, seeds: found }) => ({
    ...{ setting: name, left: percentOf(density), at: percentOf(density) * shift, round },
    ...{ rate: 100 * rate, seeds: found, isKept: seeds === 1 && run.kept?.round === round },
    ...(lower !== undefined && upper !== undefined && { lower: 100 * lower, upper: 100 * upper }),
    ...(count !== undefined && of !== undefined && { count, of }),
  }))
}

function layersOf(rows: readonly RateRow[], { dash, shape }: ReturnType<typeof seriesEncoding>) {
  const spread = rows.filter(({ lower }) => lower !== undefined)
  const bands = spread.filter(({ seeds }) => seeds > 1)
  const bars = spread.filter(({ seeds }) => seeds === 1)
  const kept = rows.filter(({ isKept }) => isKept)
  const fromLeast = { y: { field: 'lower', type: 'quantitative' }, y2: { field: 'upper' } }
  const tooltip = ['setting', 'round', 'left', 'rate', 'lower', 'upper', 'count', 'of', 'seeds']
  return [
    layer('area', bands, { opacity: 0.18 }, fromLeast),
    layer('rule', bars, { opacity: 0.55, strokeWidth: 1.5 }, fromLeast),
    layer('line', rows, { strokeWidth: 2 }, dash),
    layer(
      'point',
      rows,
      { filled: true, size: 55, opacity: 1 },
      {
        ...shape,
        tooltip: tooltip.map((field) => ({ field })),
      },
    ),
    layer('point', kept, { shape: 'circle', size: 260, strokeWidth: 1.5 }, {}),
  ].filter(({ data }) => data.values.length > 0)
}

function layer(type: string, values: readonly RateRow[], mark: object, encoding: object) {
  return { data: { values }, mark: { type, ...mark }, encoding }
}

function notesOf({ series, leftOut }: ChartedRates): string[] {
  const most = Math.max(...series.map(({ seeds }) => seeds))
  const hasBars = series.some(({ points }) =>
    points.some(({ seeds, interval }) => seeds === 1 && interval),
  )
  const hasKept = series.some(({ run, seeds }) => seeds === 1 && run.kept)
  return [
    ...(hasBars ? ['Bars: exact 95 % intervals.'] : []),
    ...(most > 1 ? [`Bands: least to most of up to ${most} seeds, lines their mean.`] : []),
    ...(hasKept ? ['Ring: the kept level.'] : []),
    ...(leftOut.length > 0 ? [`Not drawn, since it is not defined: ${listed(leftOut)}.`] : []),
  ]
}
