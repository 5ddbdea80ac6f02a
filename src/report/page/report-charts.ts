import type { Audit } from '../../audit/audit.js'
import { isOptionError } from '../../internal/option-error.js'
import type { Mask } from '../../masks/mask.js'
import type { Evaluation } from '../../types.js'
import type { ChartSpec } from '../charts/chart-spec.js'
import { densitiesChart } from '../charts/densities-chart.js'
import { exemplarsChart } from '../charts/exemplars-chart.js'
import { falseAlarmsChart } from '../charts/false-alarms-chart.js'
import { harmChart } from '../charts/harm-chart.js'
import { lostPositivesChart } from '../charts/lost-positives-chart.js'
import { maskChart } from '../charts/mask-chart.js'
import { missesChart } from '../charts/misses-chart.js'
import { precisionRecallChart } from '../charts/precision-recall-chart.js'
import { rocChart } from '../charts/roc-chart.js'
import { scoreHistogramsChart } from '../charts/score-histograms-chart.js'
import { sizesChart } from '../charts/sizes-chart.js'
import type { ReportOptions } from './report-options.js'
import type { ReportedRound, ReportedRun } from './reported-run.js'

/** The charts of a report in one colour theme, and the reasons why others are left out. */
export interface ReportCharts {
  readonly charts: readonly ChartSpec[]
  readonly leftOut: readonly string[]
}

/** Most masks that are drawn. */
const MOST_MASKS = 2
/** False alarms at which misses are drawn beside those of the model's own boundary. */
const FIXED = 0.1
const WIDTH = 330

/** All charts that the rounds and the options give. */
export function reportCharts(
  run: ReportedRun,
  round: ReportedRound,
  { options, theme }: { options: ReportOptions; theme: 'light' | 'dark' },
): ReportCharts {
  const { others = [], sizes, images, audit, auditImages } = options
  const style = { theme, width: WIDTH, titled: false } // the page writes the titles
  const runs = [run, ...others]
  const withImages = images === undefined ? style : { ...style, images }
  const { mask } = round
  const makers = [
    () => missesChart(runs, style),
    () => missesChart(runs, { ...style, atFalsePositiveRate: FIXED }),
    () => falseAlarmsChart(runs, style),
    () => scoreHistogramsChart(run, style),
    () => rocChart(run, style),
    () => precisionRecallChart(run, style),
    () => densitiesChart(run, style),
    () => lostPositivesChart(run, withImages),
    ...(audit ? [() => harmChart(audit, style)] : []),
    ...(audit && auditImages
      ? [() => exemplarsChart(audit, { ...style, ...ofClass(round, audit), images: auditImages })]
      : []),
    ...(mask ? kernelsOf(mask).map((name) => () => maskChart(mask, name, style)) : []),
    ...(sizes ? [() => sizesChart(sizes, style)] : []),
  ]
  const outcomes = makers.map(attempt)
  return {
    charts: outcomes.flatMap((one) => (typeof one === 'string' ? [] : [one])),
    leftOut: outcomes.filter((one) => typeof one === 'string'),
  }
}

/** The run's positive class, where the audit knows it. */
function ofClass({ evaluation }: ReportedRound, { classNames }: Audit) {
  const { positiveClass } = evaluation as Partial<Evaluation>
  const isKnown = positiveClass !== undefined && positiveClass < classNames.length
  return isKnown ? { positiveClass } : {}
}

/** Convolutions first, which make the better pictures. */
function kernelsOf({ weights }: Mask): string[] {
  const drawn = weights.filter(({ shape }) => shape.length >= 2 && shape.length <= 4)
  const sorted = [...drawn].sort((a, b) => b.shape.length - a.shape.length)
  return sorted.slice(0, MOST_MASKS).map(({ name }) => name)
}

/** A chart, or the reason why the rounds do not give it. */
export function attempt(make: () => ChartSpec): ChartSpec | string {
  try {
    return make()
  } catch (error) {
    if (error instanceof RangeError && !isOptionError(error)) return error.message
    throw error
  }
}
