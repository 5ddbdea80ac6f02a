import { checkOptions } from '../../internal/check-options.js'
import { type SortedSides, sortedSides } from '../../internal/metric-sides.js'
import type { RoundReport } from '../../types.js'
import { type ChartOptions, chartChecks } from './chart-options.js'
import type { ChartSpec } from './chart-spec.js'
import { type ChartTheme, themes } from './chart-theme.js'
import type { ChartedRun } from './charted-run.js'
import { decidedThreshold } from './decided-threshold.js'
import { drawnLevels } from './drawn-levels.js'
import { type Bins, binsOver, countBins } from './histogram-bins.js'
import { percent } from './in-words.js'
import { makeChart } from './make-chart.js'
import type { ScoredRound } from './scored-round.js'

const task = 'chart the scores'
const BINS = 30
/** Pixels of a level. */
const LEVEL = 62
const SIDES = ['positives', 'negatives'] as const

/**
 * Histograms of the scores by level: positives above the line, negatives below it, and the
 * threshold of the level as a dashed rule. Positives on its left are missed.
 *
 * Each side is drawn to its own number of samples, so that a rare class is seen. At most seven
 * levels are drawn, spread over the run; pass fewer rounds to choose them.
 *
 * @param charted The result of `prune`, or rounds whose evaluations hold labels and scores, as those
 *   of `evaluateOn` do: log-odds there.
 * @param options Colours and size.
 * @returns The chart as plain JSON. Rounds without scores, with a NaN among them, or with one side
 *   alone are left out, and a note names them and the reason. Infinite scores are counted at the
 *   ends. A level of several classes has no single threshold, and no rule then.
 * @throws {TypeError} If something is no round, or an option does not exist.
 * @throws {RangeError} If no round has scores of positives and negatives, or an option is out of
 *   range.
 *
 * @example
 * ```ts
 * import { scoreHistogramsChart } from 'tfjs-prune/report'
 *
 * const seconds = { training: 1, scoring: 1, evaluation: 1 }
 * const rounds = [[4, 3, -2, -1], [4, -2, 3, -1]].map((scores, round) => {
 *   const counts = { density: 0.5 ** round, densityOverAll: 0.5 ** round, kept: 8 / 2 ** round, weights: [] }
 *   const evaluation = { labels: [1, 1, 0, 0], scores, positiveClass: 1 }
 *   return { round, ...counts, evaluation, trainingLoss: 0.1, seconds }
 * })
 * const { finding } = scoreHistogramsChart(rounds).usermeta
 * if (!finding.startsWith('1 of 2 positives scores above all negatives')) throw new Error(finding)
 * ```
 */
export function scoreHistogramsChart(
  charted: ChartedRun | readonly RoundReport<object>[],
  options: ChartOptions = {},
): ChartSpec {
  checkOptions(options, { task, checks: chartChecks })
  const { rounds, labels, first, shown, notes } = drawnLevels(charted, task)
  const sides = rounds.map(sidesOf)
  const bins = binsOver(
    sides.flatMap(({ positives, negatives }) => [positives, negatives]),
    BINS,
  )
  const baseOf = (place: number) => rounds.length - place - 0.5
  const bars = sides.flatMap((side, place) =>
    barsOf(side, { level: labels[place]!, base: baseOf(place), bins }),
  )
  const rules = rounds.flatMap((round, place) => {
    const threshold = decidedThreshold(round)
    if (threshold === undefined) return []
    const base = baseOf(place)
    return [{ level: labels[place]!, threshold, low: base - 0.46, high: base + 0.46 }]
  })
  const names = labels.map((level, place) => ({ level, at: bins.from, y: baseOf(place) + 0.4 }))
  const rows = { bars, rules, names, levels: rounds.length }
  return makeChart(
    {
      finding: findingOf(first, shown),
      notes: [...reading(rules.length, rounds.length), ...notes],
      height: 90 + LEVEL * rounds.length,
      view: viewOf(rows, themes[options.theme ?? 'light']),
    },
    options,
  )
}

/** How to read the chart. */
function reading(rules: number, levels: number): string[] {
  return [
    'Positives above the line, negatives below, each to its own number.',
    ...(rules > 0 ? ['Dashed: the threshold.'] : []),
    ...(rules > 0 && rules < levels ? [`Levels without a single one: ${levels - rules}.`] : []),
  ]
}

const sidesOf = ({ labels, scores, positiveClass }: ScoredRound): SortedSides =>
  sortedSides(labels, scores, { task, positiveClass })

interface Row {
  readonly level: string
  /** Height of the line between the sides. */
  readonly base: number
  readonly bins: Bins
}

function barsOf(sides: SortedSides, { level, base, bins }: Row) {
  return SIDES.flatMap((side) => {
    const counts = countBins(sides[side], bins)
    const most = Math.max(...counts)
    return counts.flatMap((count, i) => {
      if (count === 0) return []
      const height = (0.42 * count) / most
      const end = side === 'positives' ? base + height : base - height
      const [from, to] = [bins.from + i * bins.step, bins.from + (i + 1) * bins.step]
      return [{ level, side, from, to, base, end, count }]
    })
  })
}

interface Rows {
  readonly bars: readonly object[]
  readonly rules: readonly object[]
  readonly names: readonly object[]
  readonly levels: number
}

function viewOf({ bars, rules, names, levels }: Rows, { ink, grid, series }: ChartTheme) {
  const y = (field: string) => ({
    field,
    type: 'quantitative',
    axis: null,
    scale: { domain: [0, levels] },
  })
  const axis = { labelOverlap: true, labelFlush: false }
  const x = (field: string) => ({ field, type: 'quantitative', title: 'score', axis })
  const color = {
    field: 'side',
    type: 'nominal',
    scale: { domain: SIDES, range: [series[1], series[0]] },
    legend: { title: null, symbolOpacity: 1 },
  }
  const barsBetween = {
    x: x('from'),
    x2: { field: 'to' },
    y: y('base'),
    y2: { field: 'end' },
    color,
  }
  return {
    layer: [
      { data: { values: bars }, mark: { type: 'rect' }, encoding: barsBetween },
      {
        data: { values: bars },
        mark: { type: 'rule', color: grid },
        encoding: { y: y('base') },
      },
      {
        data: { values: rules },
        mark: { type: 'rule', color: ink, strokeDash: [4, 3], strokeWidth: 1.5 },
        encoding: { x: x('threshold'), y: y('low'), y2: { field: 'high' } },
      },
      {
        data: { values: names },
        mark: { type: 'text', color: ink, align: 'left', baseline: 'top', dx: 2, fontSize: 12 },
        encoding: { x: x('at'), y: y('y'), text: { field: 'level', type: 'nominal' } },
      },
    ].filter(({ data }) => data.values.length > 0),
  }
}

/** Positives on the wrong side of the threshold, or among the negatives where none is told. */
function findingOf(first: ScoredRound, shown: ScoredRound): string {
  const { confusion } = shown.evaluation
  const left = `${percent(shown.density)} of the weights`
  if (!confusion) {
    const { positives, negatives } = sidesOf(shown)
    const above = positives.filter((score) => score > negatives.at(-1)!).length
    const verb = above === 1 ? 'scores' : 'score'
    return `${above} of ${positives.length} positives ${verb} above all negatives at ${left}`
  }
  const { falseNegatives, truePositives } = confusion
  const verb = falseNegatives === 1 ? 'lies' : 'lie'
  const of = `${falseNegatives} of ${falseNegatives + truePositives} positives`
  const before = first.evaluation.confusion?.falseNegatives
  const dense = first === shown || before === undefined ? '' : `, ${before} before pruning`
  return `${of} ${verb} below the threshold at ${left}${dense}`
}
