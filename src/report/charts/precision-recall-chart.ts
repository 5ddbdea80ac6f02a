import { checkOptions } from '../../internal/check-options.js'
import { averagePrecision } from '../../metrics/average-precision.js'
import { precisionRecallCurve } from '../../metrics/precision-recall-curve.js'
import type { RoundReport } from '../../types.js'
import { type ChartOptions, chartChecks } from './chart-options.js'
import type { ChartSpec } from './chart-spec.js'
import type { ChartedRun } from './charted-run.js'
import { type CurveKind, curveChart } from './curve-chart.js'

const task = 'chart the precision-recall curves'

const kind: CurveKind = {
  task,
  x: 'found positives (recall), %',
  y: 'positives among alarms (precision), %',
  area: 'The average precision',
  areaOf: ({ labels, scores, positiveClass }) =>
    averagePrecision(labels, scores, { positiveClass }),
  pointsOf: ({ labels, scores, positiveClass }) => {
    const { recalls, precisions } = precisionRecallCurve(labels, scores, { positiveClass })
    return Array.from(recalls, (x, i) => ({ x, y: precisions[i]! }))
  },
  ownPoint: ({ evaluation: { confusion } }) => {
    if (!confusion || confusion.truePositives + confusion.falsePositives === 0) return undefined
    const { truePositives, falseNegatives, falsePositives } = confusion
    const x = truePositives / (truePositives + falseNegatives)
    return { x, y: truePositives / (truePositives + falsePositives) }
  },
}

/**
 * The precision-recall curve of each level, and a point where its own decisions lie. {@link
 * rocChart} shows the same against false alarms.
 *
 * At most seven levels are drawn, spread over the run; pass fewer rounds to choose them. A level that
 * predicts no positive has no precision, and no point.
 *
 * @param charted The result of `prune`, or rounds whose evaluations hold labels and scores, as those
 *   of `evaluateOn` do.
 * @param options Colours and size.
 * @returns The chart as plain JSON. Rounds without scores, with a NaN among them, or with one side
 *   alone are left out, and a note names them and the reason.
 * @throws {TypeError} If something is no round, or an option does not exist.
 * @throws {RangeError} If no round has scores of positives and negatives, or an option is out of
 *   range.
 *
 * @example
 * ```ts
 * import { precisionRecallChart } from 'tfjs-prune/report'
 *
 * const seconds = { training: 1, scoring: 1, evaluation: 1 }
 * const rounds = [[4, 3, 2, 1], [4, 3, 2, 1]].map((scores, round) => {
 *   const counts = { density: 0.5 ** round, densityOverAll: 0.5 ** round, kept: 8 / 2 ** round, weights: [] }
 *   const evaluation = { labels: [1, 1, 0, 0], scores, positiveClass: 1 }
 *   return { round, ...counts, evaluation, trainingLoss: 0.1, seconds }
 * })
 * const { finding } = precisionRecallChart(rounds).usermeta
 * if (!finding.includes('stays at 1.000')) throw new Error(finding)
 * ```
 */
export function precisionRecallChart(
  charted: ChartedRun | readonly RoundReport<object>[],
  options: ChartOptions = {},
): ChartSpec {
  checkOptions(options, { task, checks: chartChecks })
  return curveChart(charted, kind, options)
}
