import { checkOptions, type OptionChecks } from '../../internal/check-options.js'
import { copyOptions } from '../../internal/copy-options.js'
import type { RoundReport } from '../../types.js'
import { type ChartOptions, chartChecks } from './chart-options.js'
import type { ChartSpec } from './chart-spec.js'
import { type ChartTheme, themes } from './chart-theme.js'
import { type ChartedRun, oneRun, shownRound } from './charted-run.js'
import { percent } from './in-words.js'
import { levelAxis, levelLabels } from './level-labels.js'
import { type LostPositivesOfRound, lostPositivesByRound } from './lost-positives-by-round.js'
import { makeChart } from './make-chart.js'
import { checkImages, readImages, type SampleImages } from './sample-images.js'
import { mostSamples, stripHeight, stripView } from './sample-strip.js'

/** Options of {@link lostPositivesChart}. */
export interface LostPositivesChartOptions extends ChartOptions {
  /** Images of the samples, drawn beside their rows. @default the place of the sample alone */
  readonly images?: SampleImages
}

const task = 'chart the lost positives'
const checks: OptionChecks<LostPositivesChartOptions> = { ...chartChecks, images: checkImages }

/**
 * The positives that compression lost: a row for each that the dense network finds and a pruned one
 * misses, with its image if you have it, and a cross at each level that misses it.
 *
 * @param charted The result of `prune`, or rounds whose evaluations hold labels and predictions, as
 *   those of `evaluateOn` do.
 * @param options Images of the samples, in the order of the labels; colours and size.
 * @returns The chart as plain JSON. It says so where no positive is lost; of many, those that most
 *   levels miss are drawn, 20 of them or 12 with images, and a note says how many there are.
 * @throws {TypeError} If something is no round, an image is missing or no `data:image/` URL, or an
 *   option does not exist.
 * @throws {RangeError} If {@link lostPositivesByRound} would throw, pixels are not those of all
 *   samples or not finite, or an option is out of range.
 *
 * @example
 * ```ts
 * import { lostPositivesChart } from 'tfjs-prune/report'
 *
 * const seconds = { training: 1, scoring: 1, evaluation: 1 }
 * const rounds = [[1, 1, 0], [1, 0, 0]].map((predictions, round) => {
 *   const counts = { density: 0.5 ** round, densityOverAll: 0.5 ** round, kept: 8 / 2 ** round, weights: [] }
 *   const evaluation = { labels: [1, 1, 0], predictions, positiveClass: 1 }
 *   return { round, ...counts, evaluation, trainingLoss: 0.1, seconds }
 * })
 * const images = { pixels: [0, 255, 255, 0, 0, 0], height: 1, width: 2 }
 * const { finding } = lostPositivesChart(rounds, { images }).usermeta
 * if (finding !== '1 of 2 positives is lost at 50 % of the weights') throw new Error(finding)
 * ```
 */
export function lostPositivesChart(
  charted: ChartedRun | readonly RoundReport<object>[],
  options: LostPositivesChartOptions = {},
): ChartSpec {
  checkOptions(options, { task, checks })
  const { images, ...rest } = copyOptions(options, checks)
  const theme = themes[options.theme ?? 'light']
  const run = oneRun(charted, task)
  const levels = lostPositivesByRound(charted)
  const urlOf = readImages(images, { samples: levels[0]!.samples, task })
  const shown = levels.find(({ round }) => round === shownRound(run)) ?? levels.at(-1)!
  const all = lostSamples(levels)
  const drawn = all.slice(0, mostSamples(images !== undefined))
  const parts = { finding: findingOf(shown), theme, levels, drawn }
  if (all.length === 0) {
    const text = ['No level loses a positive', 'that the dense network finds.']
    const mark = { type: 'text', text, color: theme.pale, fontSize: 12 }
    return makeChart(
      { ...parts, notes: [], height: 90, view: { data: { values: [{}] }, mark } },
      rest,
    )
  }
  const notes = [
    'Crosses: levels that miss it.',
    ...(drawn.length < all.length ? [`Drawn: ${drawn.length} of ${all.length} samples.`] : []),
  ]
  const height = stripHeight(drawn.length, images !== undefined)
  return makeChart({ ...parts, notes, height, view: viewOf(parts, drawn.map(urlOf)) }, rest)
}

/** The samples that a level loses, those that most levels lose first. */
function lostSamples(levels: readonly LostPositivesOfRound[]): number[] {
  const times = new Map<number, number>()
  for (const { lost } of levels)
    for (const sample of lost) times.set(sample, (times.get(sample) ?? 0) + 1)
  return [...times].sort(([a, m], [b, n]) => n - m || a - b).map(([sample]) => sample)
}

interface Strip {
  readonly theme: ChartTheme
  readonly levels: readonly LostPositivesOfRound[]
  readonly drawn: readonly number[]
}

function viewOf({ theme, levels, drawn }: Strip, urls: readonly (string | undefined)[]) {
  const columns = levelLabels(levels)
  const rows = drawn.map((sample) => `sample ${sample}`)
  const cells = levels.flatMap(({ lost }, place) =>
    drawn.map((sample, i) => ({
      sample: rows[i]!,
      level: columns[place]!,
      is: lost.includes(sample) ? 'missed' : 'found',
    })),
  )
  const words = ['missed', 'found'] as const
  const title = 'weights left, %'
  return stripView({ theme, rows, columns, cells, urls, words, title, axis: levelAxis })
}

function findingOf({ lost, regained, positives, density }: LostPositivesOfRound): string {
  const at = `at ${percent(density)} of the weights`
  const back = regained.length > 0 ? `, ${regained.length} found instead` : ''
  if (lost.length === 0) return `No positive of ${positives} is lost ${at}${back}`
  const verb = lost.length === 1 ? 'is' : 'are'
  return `${lost.length} of ${positives} positives ${verb} lost ${at}${back}`
}
