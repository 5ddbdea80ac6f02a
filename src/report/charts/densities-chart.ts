import { checkOptions } from '../../internal/check-options.js'
import type { RoundReport, WeightStatistics } from '../../types.js'
import { type ChartOptions, chartChecks } from './chart-options.js'
import type { ChartSpec } from './chart-spec.js'
import { themes } from './chart-theme.js'
import { type ChartedRun, oneRun, shownRound } from './charted-run.js'
import { percent, percentOf } from './in-words.js'
import { levelAxis, levelLabels } from './level-labels.js'
import { makeChart } from './make-chart.js'
import { shortNames } from './short-names.js'

const task = 'chart the densities'
/** Pixels of a weight. */
const ROW = 24

/**
 * Densities by weight and level, as a table whose cells are coloured by a logarithmic scale: which
 * layers keep more than their share, and which less.
 *
 * @param charted The result of `prune`, or finished rounds or reports.
 * @param options Colours and size.
 * @returns The chart as plain JSON.
 * @throws {TypeError} If something is no round, or an option does not exist.
 * @throws {RangeError} If no round tells the densities of its weights, or an option is out of range.
 *
 * @example
 * ```ts
 * import { densitiesChart } from 'tfjs-prune/report'
 *
 * const seconds = { training: 1, scoring: 1, evaluation: 1 }
 * const weights = [{ name: 'a/kernel', size: 4, kept: 4, density: 1 }, { name: 'b/kernel', size: 12, kept: 4, density: 1 / 3 }]
 * const round = { round: 1, density: 0.5, densityOverAll: 0.5, kept: 8, weights, evaluation: {}, trainingLoss: 0.1, seconds }
 * const { finding } = densitiesChart([round]).usermeta
 * if (finding !== 'a/kernel keeps 100 %, b/kernel 33.3 % at 50 % of the weights') throw new Error(finding)
 * ```
 */
export function densitiesChart(
  charted: ChartedRun | readonly RoundReport<object>[],
  options: ChartOptions = {},
): ChartSpec {
  checkOptions(options, { task, checks: chartChecks })
  const run = oneRun(charted, task)
  const rounds = run.rounds.filter(({ weights }) => weights?.length > 0)
  if (rounds.length === 0)
    throw new RangeError(`Cannot ${task}: expected rounds with the densities of weights, got none`)
  const labels = levelLabels(rounds)
  const least = Math.min(
    ...rounds.flatMap(({ weights }) => weights.map(({ density }) => density)),
    0.5,
  )
  const names = [...new Set(rounds.flatMap(({ weights }) => weights.map(({ name }) => name)))]
  const short = new Map(shortNames(names, 22).map((name, place) => [names[place]!, name]))
  const cells = rounds.flatMap(({ weights }, place) =>
    weights.map(({ name, kept, size, density }) => ({
      ...{ weight: short.get(name)!, name, level: labels[place]!, kept, size },
      ...{ density: percentOf(density), amount: amountOf(density, Math.max(least, 1e-6)) },
    })),
  )
  const leftOut = run.rounds.length - rounds.length
  const shown = rounds.find(({ round }) => round === shownRound(run)) ?? rounds.at(-1)!
  return makeChart(
    {
      finding: findingOf(shown),
      notes: [
        'Kept share of each weight, in %.',
        ...(leftOut > 0 ? [`${leftOut} rounds tell no densities of weights.`] : []),
      ],
      height: 70 + ROW * names.length,
      view: viewOf(cells, { labels, names: [...short.values()], theme: options.theme ?? 'light' }),
    },
    options,
  )
}

/** Place of a density on a logarithmic scale from the least, 0, to all, 1. */
function amountOf(density: number, least: number): number {
  return Math.max(0, 1 - Math.log(Math.max(density, least)) / Math.log(least))
}

interface Table {
  readonly labels: readonly string[]
  readonly names: readonly string[]
  readonly theme: 'light' | 'dark'
}

function viewOf(cells: readonly object[], { labels, names, theme }: Table) {
  const { ramp } = themes[theme]
  const [onFew, onMany] = theme === 'light' ? ['#1f2328', '#ffffff'] : ['#ffffff', '#0d1117']
  const x = { field: 'level', type: 'ordinal', sort: labels, title: 'weights left in all, %' }
  const y = { field: 'weight', type: 'ordinal', sort: names, title: null }
  const scale = { domain: [0, 1], range: ramp }
  return {
    data: { values: cells },
    encoding: {
      x: { ...x, axis: levelAxis },
      y: { ...y, axis: { labelLimit: 0, ticks: false, domain: false } },
    },
    layer: [
      {
        mark: { type: 'rect' },
        encoding: { color: { field: 'amount', type: 'quantitative', scale, legend: null } },
      },
      {
        mark: { type: 'text', fontSize: 11 },
        encoding: {
          text: { field: 'density', type: 'quantitative', format: '.2~r' },
          color: { condition: { test: 'datum.amount > 0.5', value: onMany }, value: onFew },
        },
      },
    ],
  }
}

function findingOf({ weights, density }: RoundReport<object>): string {
  const sorted = [...weights].sort((a, b) => b.density - a.density)
  const [most, least] = [sorted[0]!, sorted.at(-1)!]
  const tell = ({ density: own }: WeightStatistics) => percent(own)
  if (tell(most) === tell(least)) return `Every weight keeps ${tell(most)}`
  return `${most.name} keeps ${tell(most)}, ${least.name} ${tell(least)} at ${percent(density)} of the weights`
}
