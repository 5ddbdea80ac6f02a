import { checkOptions } from '../../internal/check-options.js'
import { aucRoc } from '../../metrics/auc-roc.js'
import { rocCurve } from '../../metrics/roc-curve.js'
import type { RoundReport } from '../../types.js'
import { type ChartOptions, chartChecks } from './chart-options.js'
import type { ChartSpec } from './chart-spec.js'
import type { ChartedRun } from './charted-run.js'
import { type CurveKind, curveChart } from './curve-chart.js'

const task = 'chart the ROC curves'

const kind: CurveKind = {
  task,
  x: 'false alarms, % of the negatives',
  y: 'found positives, %',
  area: 'The area under the ROC curve',
  areaOf: ({ labels, scores, positiveClass }) => aucRoc(labels, scores, { positiveClass }),
  pointsOf: ({ labels, scores, positiveClass }) => {
    const curve = rocCurve(labels, scores, { positiveClass })
    return Array.from(curve.falsePositiveRates, (x, i) => ({ x, y: curve.truePositiveRates[i]! }))
  },
  ownPoint: ({ evaluation: { confusion } }) => {
    if (!confusion) return undefined
    const { truePositives, falseNegatives, falsePositives, trueNegatives } = confusion
    const x = falsePositives / (falsePositives + trueNegatives)
    return { x, y: truePositives / (truePositives + falseNegatives) }
  },
}

/**
 * The ROC curve of each level, and a point where its own decisions lie: found positives against
 * false alarms. {@link precisionRecallChart} shows the precision instead, which a rare class makes
 * low.
 *
 * At most seven levels are drawn, spread over the run; pass fewer rounds to choose them.
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
 * import { rocChart } from 'tfjs-prune/report'
 *
 * const seconds = { training: 1, scoring: 1, evaluation: 1 }
 * const rounds = [[4, 3, 2, 1], [4, 2, 3, 1]].map((scores, round) => {
 *   const counts = { density: 0.5 ** round, densityOverAll: 0.5 ** round, kept: 8 / 2 ** round, weights: [] }
 *   const evaluation = { labels: [1, 1, 0, 0], scores, positiveClass: 1 }
 *   return { round, ...counts, evaluation, trainingLoss: 0.1, seconds }
 * })
 * const { finding } = rocChart(rounds).usermeta
 * if (!finding.includes('falls from 1.000 to 0.750')) throw new Error(finding)
 * ```
 */
export function rocChart(
  charted: ChartedRun | readonly RoundReport<object>[],
  options: ChartOptions = {},
): ChartSpec {
  checkOptions(options, { task, checks: chartChecks })
  return curveChart(charted, kind, options)
}
