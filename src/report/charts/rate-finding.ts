import { shownRound } from './charted-run.js'
import { countOf, percent } from './in-words.js'
import type { RateSeries, SeriesPoint } from './rate-series.js'
import { shortNames } from './short-names.js'

/** The nouns of a finding. */
interface FindingWords {
  /** Subject in the plural, at the beginning of a sentence: `Misses`. */
  readonly subject: string
  /** The subject where all samples are such, after their number: `positives are missed`. */
  readonly all: string
  /** Ending of the sentence, such as ` at 10 % false alarms`, or nothing. */
  readonly ending: string
}

/** The finding of a chart of rates, as a sentence without its dot. */
export function rateFinding(series: readonly RateSeries[], words: FindingWords): string {
  const [only] = series
  const finding = series.length === 1 ? ofOne(only!, words) : ofSeveral(series, words)
  if (series.length > 1 || only!.run.feasible !== false) return finding
  return `No level is kept: ${finding[0]!.toLowerCase()}${finding.slice(1)}`
}

function ofOne({ points, run, seeds }: RateSeries, words: FindingWords): string {
  const { subject, all, ending } = words
  const wanted = shownRound(run)
  const end = (seeds === 1 && points.find(({ round }) => round === wanted)) || points.at(-1)!
  const start = points[0]!
  const left = `${percent(end.density)} of the weights${ending}`
  if (end.rate === 1) {
    const before = points.length === 1 ? '' : `, ${tell(start)} in the ${denseOr(start)} network`
    return `All ${end.of === undefined ? '' : `${end.of} `}${all} at ${left}${before}`
  }
  if (points.length === 1) return `${subject}: ${tell(start)} at ${left}`
  const between = points.filter(({ density }) => density >= end.density)
  const isSame = (a: SeriesPoint, b: SeriesPoint) => tell(a) === tell(b)
  if (between.every((point) => isSame(point, start)))
    return `${subject} stay at ${tell(start)} down to ${left}`
  if (isSame(start, end))
    return `${subject} are ${tell(end)} at ${left}, as in the ${denseOr(start)} network`
  const verb = end.rate < start.rate ? 'fall' : 'grow'
  return `${subject} ${verb} from ${tell(start, end)} to ${tell(end)} at ${left}`
}

const denseOr = ({ round }: SeriesPoint) => (round === 0 ? 'dense' : 'first')

/** Counts where they are known, `2 of 53`; the total goes where another count with it follows. */
function tell({ count, of, rate }: SeriesPoint, next?: SeriesPoint): string {
  if (count === undefined || of === undefined) return percent(rate)
  if (next && next.of !== undefined && next.of !== of) return `${countOf(count)} of ${of}`
  return next?.of === of ? countOf(count) : `${countOf(count)} of ${of}`
}

/** Compares settings at the sparsest density that they share, or else each at its sparsest. */
function ofSeveral(series: readonly RateSeries[], { subject, ending }: FindingWords): string {
  const shared = series[0]!.points.findLast(({ density }) =>
    series.every(({ points }) => points.some((point) => isNear(point.density, density))),
  )
  const names = shortNames(
    series.map(({ name }) => name),
    30,
  )
  const ends = series.map(({ points }, place) => {
    const point = shared
      ? points.findLast(({ density }) => isNear(density, shared.density))!
      : points.at(-1)!
    return { name: names[place]!, ...point }
  })
  const sorted = ends.sort((a, b) => a.rate - b.rate)
  const at = shared ? ` at ${percent(shared.density)} of the weights` : ' at their sparsest level'
  const shown = sorted.length <= 3 ? sorted : [sorted[0]!, sorted.at(-1)!]
  const rates = shown.map(({ name, rate }) => `${percent(rate)} with ${name}`)
  const all = sorted.length <= 3 ? '' : ` (${sorted.length} settings)`
  return `${subject}${at}${ending}: ${rates.join(', ')}${all}`
}

const isNear = (a: number, b: number) => Math.abs(a - b) <= 0.005 * b
