import type { NamedRun } from './charted-run.js'
import { percentOf } from './in-words.js'
import { type RatePoint, type RateSide, ratePoint } from './rate-point.js'

/** The rates of one setting: of one run, or means over the runs that share its name. */
export interface RateSeries {
  readonly name: string
  /** Number of runs. */
  readonly seeds: number
  /** The first of its runs. */
  readonly run: NamedRun
  /** From dense to sparse; one a density where there are several runs. */
  readonly points: readonly SeriesPoint[]
}

/** A rate of one run, or the mean of several with their least and most. */
export interface SeriesPoint extends RatePoint {
  /** Runs that have the density. */
  readonly seeds: number
  readonly lower?: number
  readonly upper?: number
}

/** Rates of a chart, and the rounds without one, in words. */
export interface ChartedRates {
  readonly series: readonly RateSeries[]
  readonly leftOut: readonly string[]
}

/** The rates of all runs, by setting. Throws unless one round of each setting has a rate. */
export function rateSeries(runs: readonly NamedRun[], rate: RateSide): ChartedRates {
  const leftOut: string[] = []
  const names = [...new Set(runs.map(({ name }) => name))]
  const series = names.map((name): RateSeries => {
    const own = runs.filter((run) => run.name === name)
    const found = own.map((run) =>
      run.rounds.flatMap((report) => {
        const point = ratePoint(report, rate)
        if (!point) leftOut.push(`round ${report.round}${runs.length > 1 ? ` of ${name}` : ''}`)
        return point ?? []
      }),
    )
    if (found.every((points) => points.length === 0)) {
      const noun = rate.side === 'misses' ? 'misses' : 'false alarms'
      const wanted = `an evaluation of ${name} that tells its ${noun}`
      throw new RangeError(
        `Cannot ${rate.task}: expected ${wanted}, got none where they are defined`,
      )
    }
    const points = own.length === 1 ? found[0]!.map(single) : means(found.flat())
    return { name, seeds: own.length, run: own[0]!, points: points.sort(byDensity) }
  })
  return { series, leftOut }
}

const byDensity = (a: RatePoint, b: RatePoint) => b.density - a.density || a.round - b.round

const single = (point: RatePoint): SeriesPoint => ({ ...point, seeds: 1, ...point.interval })

/** One point a density: the mean, the least and the most. */
function means(points: readonly RatePoint[]): SeriesPoint[] {
  const densities = [...new Set(points.map(({ density }) => percentOf(density)))]
  return densities.map((left) => {
    const group = points.filter(({ density }) => percentOf(density) === left)
    const rates = group.map(({ rate }) => rate)
    const rate = rates.reduce((sum, one) => sum + one, 0) / rates.length
    const { round, density } = group[0]!
    const span = { lower: Math.min(...rates), upper: Math.max(...rates) }
    return { round, density, rate, seeds: group.length, ...span }
  })
}
