import type { RoundReport } from '../../types.js'
import type { ChartOptions } from './chart-options.js'
import type { ChartSpec } from './chart-spec.js'
import type { ChartedRun } from './charted-run.js'
import { drawnLevels } from './drawn-levels.js'
import { percent } from './in-words.js'
import { makeChart } from './make-chart.js'
import type { ScoredRound } from './scored-round.js'
import { seriesEncoding } from './series-encoding.js'
import { type CurvePoint, thinCurve } from './thin-curve.js'

/** A kind of curve through the thresholds of a round. */
export interface CurveKind {
  readonly task: string
  /** Titles of the axes. */
  readonly x: string
  readonly y: string
  /** Points in [0, 1] x [0, 1], in order. */
  readonly pointsOf: (round: ScoredRound) => readonly CurvePoint[]
  /** The point of the round's own decisions; undefined where they are not told. */
  readonly ownPoint: (round: ScoredRound) => CurvePoint | undefined
  /** The area under the curve. */
  readonly areaOf: (round: ScoredRound) => number
  /** Its name at the beginning of a sentence. */
  readonly area: string
}

/** A chart of a curve by level, with the threshold of each level marked. */
export function curveChart(
  charted: ChartedRun | readonly RoundReport<object>[],
  kind: CurveKind,
  options: ChartOptions,
): ChartSpec {
  const { rounds, labels, first, shown, kept, notes } = drawnLevels(charted, kind.task)
  const lines = rounds.flatMap((round, place) =>
    thinCurve(kind.pointsOf(round)).map(({ x, y }, order) => {
      return { level: labels[place]!, order, kept: round === kept, x: 100 * x, y: 100 * y }
    }),
  )
  const marks = rounds.flatMap((round, place) => {
    const point = kind.ownPoint(round)
    if (!point) return []
    const row = { level: labels[place]!, round: round.round, kept: round === kept }
    return [{ ...row, x: 100 * point.x, y: 100 * point.y }]
  })
  const marked = marks.length > 0 ? ['Points: the threshold of each level.'] : []
  const standsOut = kept && labels.length > 1 ? ['Thicker: the kept level.'] : []
  return makeChart(
    {
      finding: findingOf(kind, { first, shown }),
      notes: [...marked, ...standsOut, ...notes],
      height: 300 + (labels.length > 1 ? 20 + 18 * Math.ceil(labels.length / 4) : 0),
      view: viewOf(kind, { lines, marks, labels }, options),
    },
    options,
  )
}

interface Rows {
  readonly lines: readonly object[]
  readonly marks: readonly object[]
  readonly labels: readonly string[]
}

function viewOf({ x, y }: CurveKind, { lines, marks, labels }: Rows, options: ChartOptions) {
  const legend = { field: 'level', title: 'weights left', columns: 4 }
  const { color, dash, shape } = seriesEncoding(labels, { ...legend, ...options })
  return {
    encoding: { x: axisOf('x', x), y: axisOf('y', y), ...color },
    layer: [
      {
        data: { values: lines },
        mark: 'line',
        encoding: {
          order: { field: 'order', type: 'quantitative' },
          strokeWidth: ifKept(3.2, 1.8),
          ...dash,
        },
      },
      {
        data: { values: marks },
        mark: { type: 'point', filled: true, opacity: 1 },
        encoding: { size: ifKept(180, 80), ...shape },
      },
    ].filter(({ data }) => data.values.length > 0),
  }
}

function ifKept(value: number, otherwise: number) {
  return { condition: { test: 'datum.kept', value }, value: otherwise }
}

function axisOf(field: 'x' | 'y', title: string) {
  const scale = { domain: [0, 100] }
  return { field, type: 'quantitative', title, scale, axis: { tickCount: 5 } }
}

interface Compared {
  readonly first: ScoredRound
  readonly shown: ScoredRound
}

function findingOf({ area, areaOf }: CurveKind, { first, shown }: Compared): string {
  const [before, after] = [areaOf(first).toFixed(3), areaOf(shown).toFixed(3)]
  const left = `${percent(shown.density)} of the weights`
  if (first === shown) return `${area} is ${after} at ${left}`
  if (before === after) return `${area} stays at ${after} down to ${left}`
  return `${area} ${after < before ? 'falls' : 'rises'} from ${before} to ${after} at ${left}`
}
