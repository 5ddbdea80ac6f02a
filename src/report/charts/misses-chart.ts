import { checkOptions, type OptionChecks } from '../../internal/check-options.js'
import { copyOptions } from '../../internal/copy-options.js'
import { checkFixedRate } from '../../internal/fixed-rates.js'
import { type ChartOptions, chartChecks } from './chart-options.js'
import type { ChartSpec } from './chart-spec.js'
import type { Charted } from './charted-run.js'
import { rateChart } from './rate-chart.js'

/** Options of {@link missesChart}. */
export interface MissesChartOptions extends ChartOptions {
  /**
   * Misses where this share of the negatives, in [0, 1), is taken for positives, so that no false
   * alarm pays for them. @default misses at the boundary of the model itself
   */
  readonly atFalsePositiveRate?: number
}

const task = 'chart the misses'
const checks: OptionChecks<MissesChartOptions> = {
  ...chartChecks,
  atFalsePositiveRate: checkFixedRate,
}

/**
 * Misses against density, with their intervals: one line a setting. {@link falseAlarmsChart} is the
 * other side.
 *
 * The axis of densities is logarithmic, dense on the left. Bars are exact 95 % intervals (Clopper
 * and Pearson); where runs share a name, a band goes from the least to the most of them. The title
 * says the finding, for the kept level or else for the sparsest.
 *
 * @param charted The result of `prune`, rounds, or runs `{ name, rounds }`.
 * @param options Colours, size, and a fixed rate of false alarms.
 * @returns The chart as plain JSON. Rounds whose misses are not told or not defined are left out, and
 *   a note names them.
 * @throws {TypeError} If something is no run or round, or an option does not exist.
 * @throws {RangeError} If there is no round, no round of a setting has its misses, or an option is
 *   out of range.
 *
 * @example
 * ```ts
 * import { missesChart } from 'tfjs-prune/report'
 *
 * const seconds = { training: 1, scoring: 1, evaluation: 1 }
 * const rounds = [2, 2, 2].map((falseNegatives, round) => {
 *   const counts = { density: 0.5 ** round, densityOverAll: 0.5 ** round, kept: 8 / 2 ** round, weights: [] }
 *   const confusion = { truePositives: 53 - falseNegatives, falseNegatives, falsePositives: 1, trueNegatives: 88 }
 *   return { round, ...counts, evaluation: { confusion }, trainingLoss: 0.1, seconds }
 * })
 * const { finding } = missesChart(rounds).usermeta
 * if (finding !== 'Misses stay at 2 of 53 down to 25 % of the weights') throw new Error(finding)
 * ```
 */
export function missesChart(charted: Charted, options: MissesChartOptions = {}): ChartSpec {
  checkOptions(options, { task, checks })
  const { atFalsePositiveRate, ...rest } = copyOptions(options, checks)
  return rateChart(charted, { task, side: 'misses', atFalsePositiveRate }, rest)
}
