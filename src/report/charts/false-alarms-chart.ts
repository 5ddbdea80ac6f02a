import { checkOptions } from '../../internal/check-options.js'
import { type ChartOptions, chartChecks } from './chart-options.js'
import type { ChartSpec } from './chart-spec.js'
import type { Charted } from './charted-run.js'
import { rateChart } from './rate-chart.js'

const task = 'chart the false alarms'

/**
 * False alarms against density, with their intervals: the negatives that are taken for positives.
 * {@link missesChart} is the other side; fewer misses may be paid for here.
 *
 * @param charted The result of `prune`, rounds, or runs `{ name, rounds }`; runs of one name are
 *   seeds of one setting.
 * @param options Colours and size.
 * @returns The chart as plain JSON. Rounds whose false alarms are not told or not defined are left
 *   out, and a note names them.
 * @throws {TypeError} If something is no run or round, or an option does not exist.
 * @throws {RangeError} If there is no round, no round of a setting has its false alarms, or an option
 *   is out of range.
 *
 * @example
 * ```ts
 * import { falseAlarmsChart } from 'tfjs-prune/report'
 *
 * const seconds = { training: 1, scoring: 1, evaluation: 1 }
 * const rounds = [0, 2].map((falsePositives, round) => {
 *   const counts = { density: 0.5 ** round, densityOverAll: 0.5 ** round, kept: 8 / 2 ** round, weights: [] }
 *   const confusion = { truePositives: 50, falseNegatives: 3, falsePositives, trueNegatives: 89 - falsePositives }
 *   return { round, ...counts, evaluation: { confusion }, trainingLoss: 0.1, seconds }
 * })
 * const { finding } = falseAlarmsChart(rounds).usermeta
 * if (finding !== 'False alarms grow from 0 to 2 of 89 at 50 % of the weights') throw new Error(finding)
 * ```
 */
export function falseAlarmsChart(charted: Charted, options: ChartOptions = {}): ChartSpec {
  checkOptions(options, { task, checks: chartChecks })
  return rateChart(charted, { task, side: 'falseAlarms' }, options)
}
